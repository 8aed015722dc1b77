// C += A * B, each element of C one chain of fma over the inner index in increasing order.
//
// Large products are split as in K. Goto and R. van de Geijn (2008, doi:10.1145/1356052.1356053):
// parts of A and B are copied into contiguous panels, and the inner index runs in slices. A slice
// starts from the C that the slice before has stored, so the chain is the same with and without
// slices.
#include "gemm_block_body.h"

/// The inner indices of one slice: BLOCK_COLUMNS of them fit the first-level cache.
#define SLICE 192
/// Rows of A and columns of B in panels at one time; they fit the second-level cache.
#define PANEL_ROWS (BLOCK_ROWS * (96 / BLOCK_ROWS))
#define PANEL_COLUMNS (BLOCK_COLUMNS * (384 / BLOCK_COLUMNS))

MK_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// The product on A and B where they lie: for all that fits the caches.
static void gemm_direct(size_t m, size_t n, size_t k, const double *a, size_t a_row, size_t a_inner,
                        const double *b, size_t ldb, double *c, size_t ldc) {
  for (size_t j = 0; j < n; j += BLOCK_COLUMNS) {
    size_t columns = smaller(BLOCK_COLUMNS, n - j);
    for (size_t i = 0; i < m; i += BLOCK_ROWS) {
      any_block(smaller(BLOCK_ROWS, m - i), columns, k, a + i * a_row, a_row, a_inner, b + j, ldb,
                c + i * ldc + j, ldc);
    }
  }
}

/// Copies `rows` x `k` of A so that the BLOCK_ROWS elements of one inner index lie together.
static void pack_rows(double *to, size_t rows, size_t k, const double *a, size_t a_row,
                      size_t a_inner) {
  for (size_t i = 0; i < rows; i += BLOCK_ROWS) {
    size_t count = smaller(BLOCK_ROWS, rows - i);
    for (size_t r = 0; r < count; r++) {
      const double *from = a + (i + r) * a_row;
      for (size_t p = 0; p < k; p++) to[p * BLOCK_ROWS + r] = from[p * a_inner];
    }
    to += k * BLOCK_ROWS;
  }
}

/// Copies `k` x `columns` of B into panels BLOCK_COLUMNS wide.
static void pack_columns(double *to, size_t columns, size_t k, const double *b, size_t ldb) {
  for (size_t j = 0; j < columns; j += BLOCK_COLUMNS) {
    size_t count = smaller(BLOCK_COLUMNS, columns - j);
    for (size_t p = 0; p < k; p++) {
      memcpy(to + p * BLOCK_COLUMNS, b + p * ldb + j, count * sizeof(double));
    }
    to += k * BLOCK_COLUMNS;
  }
}

/// All blocks of C that one pair of packed parts gives.
static void gemm_panels(size_t rows, size_t columns, size_t k, const double *a, const double *b,
                        double *c, size_t ldc) {
  for (size_t j = 0; j < columns; j += BLOCK_COLUMNS) {
    size_t width = smaller(BLOCK_COLUMNS, columns - j);
    for (size_t i = 0; i < rows; i += BLOCK_ROWS) {
      size_t height = smaller(BLOCK_ROWS, rows - i);
      const double *left = a + i * k, *right = b + j * k;
      double *corner = c + i * ldc + j;
      if (height == BLOCK_ROWS && width == BLOCK_COLUMNS) {
        packed_block(k, left, right, corner, ldc);
      } else {
        any_block(height, width, k, left, 1, BLOCK_ROWS, right, BLOCK_COLUMNS, corner, ldc);
      }
    }
  }
}

static void gemm_packed(size_t m, size_t n, size_t k, const double *a, size_t a_row, size_t a_inner,
                        const double *b, size_t ldb, double *c, size_t ldc, double *space) {
  double *left = space, *right = space + PANEL_ROWS * SLICE;
  for (size_t j = 0; j < n; j += PANEL_COLUMNS) {
    size_t columns = smaller(PANEL_COLUMNS, n - j);
    for (size_t p = 0; p < k; p += SLICE) {
      size_t slice = smaller(SLICE, k - p);
      pack_columns(right, columns, slice, b + p * ldb + j, ldb);
      for (size_t i = 0; i < m; i += PANEL_ROWS) {
        size_t rows = smaller(PANEL_ROWS, m - i);
        pack_rows(left, rows, slice, a + i * a_row + p * a_inner, a_row, a_inner);
        gemm_panels(rows, columns, slice, left, right, c + i * ldc + j, ldc);
      }
    }
  }
}

static void gemm_all(size_t m, size_t n, size_t k, const double *a, size_t a_row, size_t a_inner,
                     const double *b, size_t ldb, double *c, size_t ldc) {
  if (m == 1) {
    one_row(n, k, a, a_inner, b, ldb, c);
    return;
  }
  double *space = NULL;
  if (m >= PACK_ROWS && k * n >= PACK_ELEMENTS) {
    space = aligned_alloc(64, sizeof(double) * SLICE * (PANEL_ROWS + PANEL_COLUMNS));
  }
  if (space == NULL) {
    gemm_direct(m, n, k, a, a_row, a_inner, b, ldb, c, ldc);
    return;
  }
  gemm_packed(m, n, k, a, a_row, a_inner, b, ldb, c, ldc, space);
  free(space);
}
