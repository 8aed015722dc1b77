// Which path runs: chosen once, from the processor and MECHANICS_SIMD.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"
#include "paths.h"

/// The paths from the narrowest to the widest; a name is a cap on this order.
static const char *const names[] = {"generic", "avx2", "avx512"};
enum { name_count = sizeof names / sizeof names[0] };

static _Atomic(const struct mk_path *) chosen;

/// The index of a path's name, or -1.
static int index_of(const char *name) {
  for (int i = 0; i < name_count; i++) {
    if (strcmp(name, names[i]) == 0) return i;
  }
  return -1;
}

/// The widest path that the processor has and the cap allows.
static const struct mk_path *widest(int cap) {
#if defined(__x86_64__)
  int fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  int wide = fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl");
  if (cap >= 2 && wide) return &mk_path_avx512;
  if (cap >= 1 && fma) return &mk_path_avx2;
#endif
  (void)cap;
  return &mk_path_generic;
}

/// The path of the environment. An unknown name is no cap.
static const struct mk_path *requested(void) {
  const char *name = getenv("MECHANICS_SIMD");
  int cap = name == NULL ? -1 : index_of(name);
  return widest(cap < 0 ? name_count - 1 : cap);
}

static inline const struct mk_path *path(void) {
  const struct mk_path *now = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (__builtin_expect(now == NULL, 0)) {
    now = requested();
    atomic_store_explicit(&chosen, now, memory_order_relaxed);
  }
  return now;
}

const char *mk_simd(void) { return path()->name; }

int mk_simd_requested_valid(void) {
  const char *name = getenv("MECHANICS_SIMD");
  return name == NULL || name[0] == '\0' || index_of(name) >= 0;
}

int mk_select_simd(const char *name) {
  const struct mk_path *found = requested();
  if (name != NULL) {
    int cap = index_of(name);
    if (cap < 0) return 0;
    found = widest(cap);
    if (strcmp(found->name, name) != 0) return 0;
  }
  atomic_store_explicit(&chosen, found, memory_order_relaxed);
  return 1;
}

void mk_exp(double *out, const double *x, size_t n) { path()->exp(out, x, n); }

void mk_log(double *out, const double *x, size_t n) { path()->log(out, x, n); }

double mk_sum(const double *x, size_t n) { return path()->sum(x, n); }

double mk_dot(const double *x, const double *y, size_t n) { return path()->dot(x, y, n); }

void mk_dots(double *out, const double *a, size_t lda, size_t m, const double *x, size_t n) {
  path()->dots(out, a, lda, m, x, n);
}

void mk_axpy(double *y, double a, const double *x, size_t n) { path()->axpy(y, a, x, n); }

void mk_lower(double *x, size_t n) { path()->lower(x, n); }

void mk_gemm(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb,
             double *c, size_t ldc) {
  path()->gemm(m, n, k, a, lda, 1, b, ldb, c, ldc, 0);
}

void mk_gemm_tn(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b,
                size_t ldb, double *c, size_t ldc) {
  path()->gemm(m, n, k, a, 1, lda, b, ldb, c, ldc, 0);
}

void mk_product(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b,
                size_t ldb, double *c, size_t ldc) {
  path()->gemm(m, n, k, a, lda, 1, b, ldb, c, ldc, 1);
}

void mk_product_tn(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b,
                   size_t ldb, double *c, size_t ldc) {
  path()->gemm(m, n, k, a, 1, lda, b, ldb, c, ldc, 1);
}

void mk_row(size_t n, size_t k, const double *x, const double *b, size_t ldb, double *y) {
  path()->row(n, k, x, b, ldb, y);
}

void mk_outer(size_t m, size_t n, const double *x, const double *y, double *c, size_t ldc) {
  path()->outer(m, n, x, y, c, ldc);
}

void mk_exp_margins(double *out, const double *x, const int32_t *at, const int32_t *from,
                    const double *ratios, double offset, size_t n) {
  path()->exp_margins(out, x, at, from, ratios, offset, n);
}

void mk_sandwich(size_t rows, size_t n, const double *b, const double *g, const double *a, double *c,
                 double dots[2]) {
  path()->sandwich(rows, n, b, g, a, c, dots);
}

void mk_philox(uint32_t *out, const uint32_t key[2], const uint32_t name[2], uint64_t first,
               size_t blocks) {
  path()->philox(out, key, name, first, blocks);
}

void mk_count_at_least(uint32_t *out, const uint32_t *thresholds, size_t m, const uint32_t *words,
                       size_t n) {
  path()->count_at_least(out, thresholds, m, words, n);
}
