// What a growing and shrinking inverse needs of matrix products: a row times a matrix, and a matrix
// plus a column times a row. Small ones are all calls, so these have few arguments and no panels.

#define ROW_PARTS(whole)                                                                          \
  switch (before) {                                                                               \
    case 0: ROW_PART(1, whole); break;                                                            \
    case 1: ROW_PART(2, whole); break;                                                            \
    case 2: ROW_PART(3, whole); break;                                                            \
    case 3: ROW_PART(4, whole); break;                                                            \
    case 4: ROW_PART(5, whole); break;                                                            \
    case 5: ROW_PART(6, whole); break;                                                            \
    case 6: ROW_PART(7, whole); break;                                                            \
    default: ROW_PART(8, whole); break;                                                           \
  }

/// `vectors` registers of x * B, of the last of which `last` columns are used; all of them if
/// `whole`.
MK_INLINE void row_part(int vectors, int whole, size_t last, size_t k, const double *x,
                        const double *b, size_t ldb, double *y) {
  wide sums[ROW_VECTORS];
  UNROLL for (int v = 0; v < vectors; v++) sums[v] = 0.0;
  for (size_t p = 0; p < k; p++, b += ldb) {
    wide factor = (wide)x[p];
    UNROLL for (int v = 0; v < vectors; v++) {
      const double *from = b + v * VECTOR_WIDTH;
      wide row = whole || v + 1 < vectors ? load_wide(from) : load_wide_part(from, last);
      sums[v] = FMA(factor, row, sums[v]);
    }
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    wide sum = canonical_wide(sums[v]);
    if (whole || v + 1 < vectors) {
      store_wide(y + v * VECTOR_WIDTH, sum);
    } else {
      store_wide_part(y + v * VECTOR_WIDTH, sum, last);
    }
  }
}

static void row_all(size_t n, size_t k, const double *x, const double *b, size_t ldb, double *y) {
  for (size_t j = 0; j < n; j += ROW_COLUMNS) {
    size_t columns = n - j < ROW_COLUMNS ? n - j : ROW_COLUMNS;
    size_t before = (columns - 1) / VECTOR_WIDTH, last = columns - before * VECTOR_WIDTH;
#define ROW_PART(vectors, whole) row_part(vectors, whole, last, k, x, b + j, ldb, y + j)
    if (last == VECTOR_WIDTH) {
      ROW_PARTS(1)
    } else {
      ROW_PARTS(0)
    }
#undef ROW_PART
  }
}

/// `vectors` registers of each row of C += x * y.
MK_INLINE void outer_part(int vectors, int whole, size_t last, size_t m, const double *x,
                          const double *y, double *c, size_t ldc) {
  wide row[ROW_VECTORS];
  UNROLL for (int v = 0; v < vectors; v++) {
    const double *from = y + v * VECTOR_WIDTH;
    row[v] = whole || v + 1 < vectors ? load_wide(from) : load_wide_part(from, last);
  }
  for (size_t i = 0; i < m; i++, c += ldc) {
    wide factor = (wide)x[i];
    UNROLL for (int v = 0; v < vectors; v++) {
      double *to = c + v * VECTOR_WIDTH;
      if (whole || v + 1 < vectors) {
        store_wide(to, canonical_wide(FMA(factor, row[v], load_wide(to))));
      } else {
        wide sum = FMA(factor, row[v], load_wide_part(to, last));
        store_wide_part(to, canonical_wide(sum), last);
      }
    }
  }
}

static void outer_all(size_t m, size_t n, const double *x, const double *y, double *c,
                      size_t ldc) {
  for (size_t j = 0; j < n; j += ROW_COLUMNS) {
    size_t columns = n - j < ROW_COLUMNS ? n - j : ROW_COLUMNS;
    size_t before = (columns - 1) / VECTOR_WIDTH, last = columns - before * VECTOR_WIDTH;
#define ROW_PART(vectors, whole) outer_part(vectors, whole, last, m, x, y + j, c + j, ldc)
    if (last == VECTOR_WIDTH) {
      ROW_PARTS(1)
    } else {
      ROW_PARTS(0)
    }
#undef ROW_PART
  }
}
