// C += A * B or C = A * B, each element of C one chain of fma over the inner index in increasing
// order; where C is overwritten the chain starts at +0.
//
// Large products are split as in K. Goto and R. van de Geijn (2008, doi:10.1145/1356052.1356053):
// parts of A and B are copied into contiguous panels, and the inner index runs in slices. A slice
// starts from the C that the slice before has stored, so the chain is the same with and without
// slices.
#include "gemm_block_body.h"

/// The inner indices of one slice: BLOCK_COLUMNS of them fit the first-level cache, with room for the
/// rows of A that pass.
#define SLICE 160
/// Rows of A and columns of B in panels at one time; they fit the second-level cache.
#define PANEL_ROWS (BLOCK_ROWS * (96 / BLOCK_ROWS))
#define PANEL_COLUMNS (BLOCK_COLUMNS * (768 / BLOCK_COLUMNS))
/// How many rows ahead of its copy B is asked for.
#define PACK_AHEAD 8

MK_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// Sets `rows` x `columns` of C to +0.
static void clear(size_t rows, size_t columns, double *c, size_t ldc) {
  if (columns == ldc) {
    memset(c, 0, rows * columns * sizeof(double));
  } else {
    for (size_t i = 0; i < rows; i++) memset(c + i * ldc, 0, columns * sizeof(double));
  }
}

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

/// Copies BLOCK_ROWS x `k` of A so that the elements of one inner index lie together.
static void pack_block_rows(double *to, size_t k, const double *a, size_t a_row, size_t a_inner) {
  size_t p = 0;
  if (a_row == 1) {
    for (; p < k; p++) memcpy(to + p * BLOCK_ROWS, a + p * a_inner, BLOCK_ROWS * sizeof(double));
  }
#if BLOCK_ROWS == 8
  for (; a_inner == 1 && p + 8 <= k; p += 8) transpose_octets(to + p * 8, a + p, a_row);
#endif
  for (; p < k; p++) {
    UNROLL for (size_t r = 0; r < BLOCK_ROWS; r++) to[p * BLOCK_ROWS + r] = a[r * a_row + p * a_inner];
  }
}

/// Copies `rows` x `k` of A in blocks of BLOCK_ROWS rows; what is missing of the last stays as it is.
static void pack_rows(double *to, size_t rows, size_t k, const double *a, size_t a_row,
                      size_t a_inner) {
  size_t i = 0;
  for (; i + BLOCK_ROWS <= rows; i += BLOCK_ROWS) {
    pack_block_rows(to + i * k, k, a + i * a_row, a_row, a_inner);
  }
  for (size_t r = i; r < rows; r++) {
    for (size_t p = 0; p < k; p++) to[i * k + p * BLOCK_ROWS + (r - i)] = a[r * a_row + p * a_inner];
  }
}

/// Copies `k` x `columns` of B into panels BLOCK_COLUMNS wide.
static void pack_columns(double *to, size_t columns, size_t k, const double *b, size_t ldb) {
  for (size_t j = 0; j < columns; j += BLOCK_COLUMNS) {
    size_t count = smaller(BLOCK_COLUMNS, columns - j);
    for (size_t p = 0; p < k; p++) {
      const double *from = b + p * ldb + j;
      if (count == BLOCK_COLUMNS) {
        // Few lines of many rows: no processor foresees these.
        UNROLL for (size_t v = 0; v < BLOCK_COLUMNS; v += 8) {
          __builtin_prefetch(from + PACK_AHEAD * ldb + v);
        }
        UNROLL for (size_t v = 0; v < BLOCK_COLUMNS; v += VECTOR_WIDTH) {
          store_wide(to + p * BLOCK_COLUMNS + v, load_wide(from + v));
        }
      } else {
        memcpy(to + p * BLOCK_COLUMNS, from, count * sizeof(double));
      }
    }
    to += k * BLOCK_COLUMNS;
  }
}

/// Asks for the block of C that comes after this one in its column of blocks.
MK_INLINE void fetch_block_below(const double *c, size_t ldc) {
  for (size_t r = BLOCK_ROWS; r < 2 * BLOCK_ROWS; r++) {
    for (size_t v = 0; v < BLOCK_COLUMNS; v += 8) __builtin_prefetch(c + r * ldc + v, 1);
  }
}

/// All blocks of C that one pair of packed parts gives; `fresh`: C is overwritten.
static void gemm_panels(size_t rows, size_t columns, size_t k, const double *a, const double *b,
                        double *c, size_t ldc, int fresh) {
  for (size_t j = 0; j < columns; j += BLOCK_COLUMNS) {
    size_t width = smaller(BLOCK_COLUMNS, columns - j);
    for (size_t i = 0; i < rows; i += BLOCK_ROWS) {
      size_t height = smaller(BLOCK_ROWS, rows - i);
      const double *left = a + i * k, *right = b + j * k;
      double *corner = c + i * ldc + j;
      if (i + 2 * BLOCK_ROWS <= rows) fetch_block_below(corner, ldc);
      if (height == BLOCK_ROWS && width == BLOCK_COLUMNS) {
        (fresh ? fresh_block : packed_block)(k, left, right, corner, ldc);
      } else {
        if (fresh) clear(height, width, corner, ldc);
        any_block(height, width, k, left, 1, BLOCK_ROWS, right, BLOCK_COLUMNS, corner, ldc);
      }
    }
  }
}

static void gemm_packed(size_t m, size_t n, size_t k, const double *a, size_t a_row, size_t a_inner,
                        const double *b, size_t ldb, double *c, size_t ldc, int fresh,
                        double *space) {
  double *left = space, *right = space + PANEL_ROWS * SLICE;
  for (size_t j = 0; j < n; j += PANEL_COLUMNS) {
    size_t columns = smaller(PANEL_COLUMNS, n - j);
    for (size_t p = 0; p < k; p += SLICE) {
      size_t slice = smaller(SLICE, k - p);
      pack_columns(right, columns, slice, b + p * ldb + j, ldb);
      for (size_t i = 0; i < m; i += PANEL_ROWS) {
        size_t rows = smaller(PANEL_ROWS, m - i);
        pack_rows(left, rows, slice, a + i * a_row + p * a_inner, a_row, a_inner);
        gemm_panels(rows, columns, slice, left, right, c + i * ldc + j, ldc, fresh && p == 0);
      }
    }
  }
}

/// C += A * B; `fresh`: C = A * B.
static void gemm_all(size_t m, size_t n, size_t k, const double *a, size_t a_row, size_t a_inner,
                     const double *b, size_t ldb, double *c, size_t ldc, int fresh) {
  double *space = NULL;
  if (m >= PACK_ROWS && k * n >= PACK_ELEMENTS) {
    space = aligned_alloc(64, sizeof(double) * SLICE * (PANEL_ROWS + PANEL_COLUMNS));
  }
  if (space != NULL) {
    gemm_packed(m, n, k, a, a_row, a_inner, b, ldb, c, ldc, fresh, space);
    free(space);
    return;
  }
  if (fresh) clear(m, n, c, ldc);
  if (m == 1) {
    one_row(n, k, a, a_inner, b, ldb, c);
  } else {
    gemm_direct(m, n, k, a, a_row, a_inner, b, ldb, c, ldc);
  }
}
