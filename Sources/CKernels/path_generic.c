// The path for every processor: what the target's baseline offers.
//
// On arm64 the baseline has vectors of two doubles with fma. On x86-64 it has no fma, and each one
// is a call of the C library's, which is exact with and without hardware support.
#include "paths.h"

#pragma clang fp contract(off)
#pragma clang diagnostic ignored "-Wpsabi"

#define VECTOR_WIDTH 2
#define BLOCK_VECTORS 3
#define PACK_ROWS 48
#define PACK_ELEMENTS 8192
#if defined(__aarch64__)
#define BLOCK_ROWS 8
#else
#define BLOCK_ROWS 4
#endif
#include "vectors.h"

/// The first `count` < 8 elements, then zeros.
MK_INLINE octet load_octet_part(const double *x, size_t count) {
  octet v = 0.0;
  for (size_t i = 0; i < 7; i++) {
    if (i < count) v[i] = x[i];
  }
  return v;
}

MK_INLINE void store_octet_part(double *out, octet v, size_t count) {
  for (size_t i = 0; i < 7; i++) {
    if (i < count) out[i] = v[i];
  }
}

/// The first `count` elements (at most the width), then zeros.
MK_INLINE wide load_wide_part(const double *x, size_t count) {
  wide v = 0.0;
  v[0] = x[0];
  if (count > 1) v[1] = x[1];
  return v;
}

MK_INLINE void store_wide_part(double *out, wide v, size_t count) {
  out[0] = v[0];
  if (count > 1) out[1] = v[1];
}

#include "elementary_body.h"
#include "gemm_body.h"
#include "random_body.h"
#include "reductions_body.h"
#include "descent_body.h"
#include "rows_body.h"

const struct mk_path mk_path_generic = {
    "generic", exp_all, log_all, sum_all, dot_all, dots_all, axpy_all, lower_all, gemm_all, row_all,
    outer_all, exp_margins_all, sandwich_all, philox_all, count_at_least_all,
};
