// The path for x86-64 processors with AVX2 and FMA.
#include "paths.h"
#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang fp contract(off)
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define VECTOR_WIDTH 4
#define BLOCK_ROWS 4
#define BLOCK_VECTORS 3
#define PACK_ROWS 48
#define PACK_ELEMENTS 8192
#include "vectors.h"

/// All ones in the elements below `count`.
MK_INLINE __m256i mask_below(long long count) {
  return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_set_epi64x(3, 2, 1, 0));
}

/// The first `count` elements (at most the width), then zeros.
MK_INLINE wide load_wide_part(const double *x, size_t count) {
  return (wide)_mm256_maskload_pd(x, mask_below((long long)count));
}

MK_INLINE void store_wide_part(double *out, wide v, size_t count) {
  _mm256_maskstore_pd(out, mask_below((long long)count), (__m256d)v);
}

MK_INLINE octet load_octet_part(const double *x, size_t count) {
  long long low = (long long)count;
  octet v;
  v.lo = (wide)_mm256_maskload_pd(x, mask_below(low));
  v.hi = (wide)_mm256_maskload_pd(x + 4, mask_below(low - 4));
  return v;
}

MK_INLINE void store_octet_part(double *out, octet v, size_t count) {
  long long low = (long long)count;
  _mm256_maskstore_pd(out, mask_below(low), (__m256d)v.lo);
  _mm256_maskstore_pd(out + 4, mask_below(low - 4), (__m256d)v.hi);
}

#include "elementary_body.h"
#include "gemm_body.h"
#include "random_body.h"
#include "reductions_body.h"
#include "descent_body.h"
#include "rows_body.h"

const struct mk_path mk_path_avx2 = {
    "avx2", exp_all, log_all, sum_all, dot_all, dots_all, axpy_all, lower_all, gemm_all, row_all,
    outer_all, exp_margins_all, sandwich_all, philox_all, count_at_least_all,
};
#pragma clang attribute pop
#endif
