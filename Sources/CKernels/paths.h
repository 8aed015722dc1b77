// The vector paths: the same kernels, compiled for several instruction sets.
//
// Every path is one source file, path_<name>.c, which sets the vector width and includes the kernel
// bodies. No path may change a bit of a result: the bodies fix the order of every operation and the
// paths differ only in how many independent chains run side by side.
#ifndef MK_PATHS_H
#define MK_PATHS_H
// All headers of the bodies, which are themselves included where a target attribute is in force.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// The kernels of one path; each member has the contract of the function `mk_<member>`.
struct mk_path {
  const char *name;
  void (*exp)(double *out, const double *x, size_t n);
  void (*log)(double *out, const double *x, size_t n);
  double (*sum)(const double *x, size_t n);
  double (*dot)(const double *x, const double *y, size_t n);
  void (*dots)(double *out, const double *a, size_t lda, size_t m, const double *x, size_t n);
  void (*axpy)(double *y, double a, const double *x, size_t n);
  void (*lower)(double *x, size_t n);
  /// C += A * B, or C = A * B if `fresh`; A's element (i, p) is `a[i * a_row + p * a_inner]`.
  void (*gemm)(size_t m, size_t n, size_t k, const double *a, size_t a_row, size_t a_inner,
               const double *b, size_t ldb, double *c, size_t ldc, int fresh);
  void (*row)(size_t n, size_t k, const double *x, const double *b, size_t ldb, double *y);
  void (*outer)(size_t m, size_t n, const double *x, const double *y, double *c, size_t ldc);
  void (*exp_margins)(double *out, const double *x, const int32_t *at, const int32_t *from,
                      const double *ratios, double offset, size_t n);
  void (*sandwich)(size_t rows, size_t n, const double *b, const double *g, const double *a, double *c,
                   double dots[2]);
  void (*philox)(uint32_t *out, const uint32_t key[2], const uint32_t name[2], uint64_t first,
                 size_t blocks);
  void (*count_at_least)(uint32_t *out, const uint32_t *thresholds, size_t m, const uint32_t *words,
                         size_t n);
};

extern const struct mk_path mk_path_generic;
#if defined(__x86_64__)
extern const struct mk_path mk_path_avx2;
extern const struct mk_path mk_path_avx512;
#endif

#endif
