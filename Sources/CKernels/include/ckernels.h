// Numeric kernels whose result is the same to the bit on every machine.
//
// Rules: `fma` only where written, and then on every machine; each output element of a matrix
// product is one chain of fma over the inner index in increasing order (so the vector width,
// which runs along the columns, cannot matter); each reduction runs in eight interleaved lanes
// that are combined in one fixed order. A NaN in a result is always 0x7ff8000000000000. Outputs may
// not overlap inputs, except that mk_exp and mk_log may write where they read (out == x).
#ifndef CKERNELS_H
#define CKERNELS_H
#include <stddef.h>
#include <stdint.h>

/// The widest path that this processor has and MECHANICS_SIMD allows: "generic", "avx2", "avx512".
const char *mk_simd(void);
/// 1 unless MECHANICS_SIMD is set to something other than a path's name (it is then ignored).
int mk_simd_requested_valid(void);
/// Uses the named path from now on, or with NULL that of MECHANICS_SIMD; 0 (and no change) if this
/// processor does not have it. For tests: results do not depend on the path.
int mk_select_simd(const char *name);

/// out[i] = e^x[i], error <= 1 ulp; correct at 0, infinities, NaN (canonical), subnormal results.
void mk_exp(double *out, const double *x, size_t n);
/// out[i] = ln x[i], error <= 1 ulp; -inf at 0, canonical NaN below 0.
void mk_log(double *out, const double *x, size_t n);

/// Sum of x[i] in eight interleaved lanes: lane l takes i with i % 8 == l; lanes are combined as
/// ((0+4)+(2+6))+((1+5)+(3+7)).
double mk_sum(const double *x, size_t n);
/// Sum of x[i]*y[i], lanes as in mk_sum, each step an fma.
double mk_dot(const double *x, const double *y, size_t n);
/// out[i] = mk_dot(a + i*lda, x, n) for each i < m: a matrix (m x n, lda) times a vector.
void mk_dots(double *out, const double *a, size_t lda, size_t m, const double *x, size_t n);
/// y[i] = fma(a, x[i], y[i]).
void mk_axpy(double *y, double a, const double *x, size_t n);
/// Takes the greatest x[i] off each; a NaN is no greatest.
void mk_lower(double *x, size_t n);

/// C (m x n, row stride ldc) += A (m x k, lda) * B (k x n, ldb).
void mk_gemm(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb,
             double *c, size_t ldc);
/// C (m x n) += A^T * B with A stored k x m (lda).
void mk_gemm_tn(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b,
                size_t ldb, double *c, size_t ldc);

/// C = A * B and C = A^T * B: the same on C = 0, which need not be written first.
void mk_product(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b,
                size_t ldb, double *c, size_t ldc);
void mk_product_tn(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b,
                   size_t ldb, double *c, size_t ldc);
/// y (n) = x (k) * B (k x n, ldb): what mk_gemm gives for one row of A and C = 0.
void mk_row(size_t n, size_t k, const double *x, const double *b, size_t ldb, double *y);
/// C (m x n, ldc) += x (m) * y (n): what mk_gemm gives for k = 1.
void mk_outer(size_t m, size_t n, const double *x, const double *y, double *c, size_t ldc);

/// out[i] = exp(((x[at[i]] - x[from[i]]) + ratios[i]) - offset), the exponential that of mk_exp.
void mk_exp_margins(double *out, const double *x, const int32_t *at, const int32_t *from,
                    const double *ratios, double offset, size_t n);
/// C = B * (G * A) for 1 to 8 rows of 8 columns: B (rows x rows), G and C (rows x 8), A (n x 8), n <= 8,
/// each without gaps between its rows; the bits are those of mk_product. dots = mk_dot of G with C, and
/// of G with itself.
void mk_sandwich(size_t rows, size_t n, const double *b, const double *g, const double *a, double *c,
                 double dots[2]);

/// The words of blocks `first`, `first + 1`, … of a Philox4x32-10 sequence (doi:10.1145/2063384.2063405):
/// block i has the counter (low half of i, high half of i, name[0], name[1]) and gives four words.
void mk_philox(uint32_t *out, const uint32_t key[2], const uint32_t name[2], uint64_t first,
               size_t blocks);
/// out[j] = the number of words that are at least thresholds[j].
void mk_count_at_least(uint32_t *out, const uint32_t *thresholds, size_t m, const uint32_t *words,
                       size_t n);

#endif
