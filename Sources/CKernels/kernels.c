#include "ckernels.h"

#include <math.h>

#pragma clang fp contract(off)

const char *mk_simd(void) { return "generic"; }
void mk_exp(double *out, const double *x, size_t n) { for (size_t i = 0; i < n; i++) out[i] = exp(x[i]); }
void mk_log(double *out, const double *x, size_t n) { for (size_t i = 0; i < n; i++) out[i] = log(x[i]); }
double mk_sum(const double *x, size_t n) { double s[8] = {0}; for (size_t i = 0; i < n; i++) s[i % 8] += x[i]; return ((s[0]+s[4])+(s[2]+s[6]))+((s[1]+s[5])+(s[3]+s[7])); }
double mk_dot(const double *x, const double *y, size_t n) { double s[8] = {0}; for (size_t i = 0; i < n; i++) s[i % 8] = fma(x[i], y[i], s[i % 8]); return ((s[0]+s[4])+(s[2]+s[6]))+((s[1]+s[5])+(s[3]+s[7])); }
void mk_axpy(double *y, double a, const double *x, size_t n) { for (size_t i = 0; i < n; i++) y[i] = fma(a, x[i], y[i]); }
void mk_gemm(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c, size_t ldc) {
  for (size_t i = 0; i < m; i++) for (size_t p = 0; p < k; p++) for (size_t j = 0; j < n; j++) c[i*ldc+j] = fma(a[i*lda+p], b[p*ldb+j], c[i*ldc+j]);
}
void mk_gemm_tn(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c, size_t ldc) {
  for (size_t i = 0; i < m; i++) for (size_t p = 0; p < k; p++) for (size_t j = 0; j < n; j++) c[i*ldc+j] = fma(a[p*lda+i], b[p*ldb+j], c[i*ldc+j]);
}
