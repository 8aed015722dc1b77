// The path for x86-64 processors with AVX-512 (F, DQ, VL).
#include "paths.h"
#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang fp contract(off)
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma"))),       \
                             apply_to = function)

#define VECTOR_WIDTH 8
#define BLOCK_ROWS 8
#define BLOCK_VECTORS 3
#define PACK_ROWS 48
#define PACK_ELEMENTS 8192
#include "vectors.h"

/// The first `count` < 8 elements, then zeros.
MK_INLINE octet load_octet_part(const double *x, size_t count) {
  return (octet)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), x);
}

MK_INLINE void store_octet_part(double *out, octet v, size_t count) {
  _mm512_mask_storeu_pd(out, (__mmask8)((1u << count) - 1), (__m512d)v);
}

MK_INLINE wide load_wide_part(const double *x, size_t count) { return load_octet_part(x, count); }
MK_INLINE void store_wide_part(double *out, wide v, size_t count) {
  store_octet_part(out, v, count);
}

#include "elementary_body.h"
#include "gemm_body.h"
#include "random_body.h"
#include "reductions_body.h"
#include "descent_body.h"
#include "rows_body.h"

const struct mk_path mk_path_avx512 = {
    "avx512", exp_all, log_all, sum_all, dot_all, dots_all, axpy_all, lower_all, gemm_all, row_all,
    outer_all, exp_margins_all, sandwich_all, philox_all, count_at_least_all,
};
#pragma clang attribute pop
#endif
