// The innermost part of C += A * B: one block of C, which stays in registers while the inner index
// runs. Each element is one chain of fma over that index in increasing order.

#define BLOCK_COLUMNS (BLOCK_VECTORS * VECTOR_WIDTH)
/// The most registers of a block of one row: so many chains hide how long each fma takes.
#define ROW_VECTORS 8
#define ROW_COLUMNS (ROW_VECTORS * VECTOR_WIDTH)
/// How many inner indices ahead packed rows of A are asked for: the processor does not foresee them
/// by itself.
#define AHEAD 24

typedef void block_kernel(size_t k, size_t last, const double *a, size_t a_row, size_t a_inner,
                          const double *b, size_t ldb, double *c, size_t ldc);

/// C's block of `rows` x (`vectors` registers, of the last of which `last` columns are used; all of
/// them if `whole`), from +0 on if `fresh`. The first four arguments are constants at every call.
MK_INLINE void block(int rows, int vectors, int whole, int fresh, size_t k, size_t last,
                     const double *a, size_t a_row, size_t a_inner, const double *b, size_t ldb,
                     double *c, size_t ldc) {
  wide sums[BLOCK_ROWS][ROW_VECTORS];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const double *from = c + (size_t)i * ldc + v * VECTOR_WIDTH;
      sums[i][v] = fresh                         ? (wide)0.0
                   : whole || v + 1 < vectors ? load_wide(from)
                                              : load_wide_part(from, last);
    }
  }
  for (size_t p = 0; p < k; p++) {
    if (a_row == 1) __builtin_prefetch(a + (p + AHEAD) * a_inner);
    wide row[ROW_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) {
      const double *from = b + p * ldb + v * VECTOR_WIDTH;
      row[v] = whole || v + 1 < vectors ? load_wide(from) : load_wide_part(from, last);
    }
    UNROLL for (int i = 0; i < rows; i++) {
      wide factor = (wide)a[(size_t)i * a_row + p * a_inner];
      UNROLL for (int v = 0; v < vectors; v++) sums[i][v] = FMA(factor, row[v], sums[i][v]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      double *to = c + (size_t)i * ldc + v * VECTOR_WIDTH;
      wide sum = canonical_wide(sums[i][v]);
      if (whole || v + 1 < vectors) {
        store_wide(to, sum);
      } else {
        store_wide_part(to, sum, last);
      }
    }
  }
}

// One function for every shape of a block: block_<rows>_<vectors>_<whole>.
#define BLOCK(rows, vectors, whole)                                                               \
  static void block_##rows##_##vectors##_##whole(                                                 \
      size_t k, size_t last, const double *a, size_t a_row, size_t a_inner, const double *b,      \
      size_t ldb, double *c, size_t ldc) {                                                        \
    block(rows, vectors, whole, 0, k, last, a, a_row, a_inner, b, ldb, c, ldc);                   \
  }
#define BLOCKS(rows)                                                                              \
  BLOCK(rows, 1, 0) BLOCK(rows, 1, 1) BLOCK(rows, 2, 0) BLOCK(rows, 2, 1) BLOCK(rows, 3, 0)       \
  BLOCK(rows, 3, 1)
#define BLOCK_NAMES(rows)                                                                         \
  {{block_##rows##_1_0, block_##rows##_1_1},                                                      \
   {block_##rows##_2_0, block_##rows##_2_1},                                                      \
   {block_##rows##_3_0, block_##rows##_3_1}}

BLOCKS(1) BLOCKS(2) BLOCKS(3) BLOCKS(4)
BLOCK(1, 4, 0) BLOCK(1, 4, 1) BLOCK(1, 5, 0) BLOCK(1, 5, 1) BLOCK(1, 6, 0) BLOCK(1, 6, 1)
BLOCK(1, 7, 0) BLOCK(1, 7, 1) BLOCK(1, 8, 0) BLOCK(1, 8, 1)
#if BLOCK_ROWS == 8
BLOCKS(5) BLOCKS(6) BLOCKS(7) BLOCKS(8)
#endif

static block_kernel *const block_kernels[BLOCK_ROWS][BLOCK_VECTORS][2] = {
    BLOCK_NAMES(1), BLOCK_NAMES(2), BLOCK_NAMES(3), BLOCK_NAMES(4),
#if BLOCK_ROWS == 8
    BLOCK_NAMES(5), BLOCK_NAMES(6), BLOCK_NAMES(7), BLOCK_NAMES(8),
#endif
};

/// The blocks of one row, by their registers.
static block_kernel *const row_kernels[ROW_VECTORS][2] = {
    {block_1_1_0, block_1_1_1}, {block_1_2_0, block_1_2_1}, {block_1_3_0, block_1_3_1},
    {block_1_4_0, block_1_4_1}, {block_1_5_0, block_1_5_1}, {block_1_6_0, block_1_6_1},
    {block_1_7_0, block_1_7_1}, {block_1_8_0, block_1_8_1},
};

/// One row of C.
static void one_row(size_t n, size_t k, const double *a, size_t a_inner, const double *b,
                    size_t ldb, double *c) {
  for (size_t j = 0; j < n; j += ROW_COLUMNS) {
    size_t columns = n - j < ROW_COLUMNS ? n - j : ROW_COLUMNS;
    size_t before = (columns - 1) / VECTOR_WIDTH, last = columns - before * VECTOR_WIDTH;
    row_kernels[before][last == VECTOR_WIDTH](k, last, a, 0, a_inner, b + j, ldb, c + j, 0);
  }
}

/// The block of A and B that are packed: strides are known to the compiler.
static void packed_block(size_t k, const double *a, const double *b, double *c, size_t ldc) {
  block(BLOCK_ROWS, BLOCK_VECTORS, 1, 0, k, 0, a, 1, BLOCK_ROWS, b, BLOCK_COLUMNS, c, ldc);
}

/// The same where C is overwritten.
static void fresh_block(size_t k, const double *a, const double *b, double *c, size_t ldc) {
  block(BLOCK_ROWS, BLOCK_VECTORS, 1, 1, k, 0, a, 1, BLOCK_ROWS, b, BLOCK_COLUMNS, c, ldc);
}

/// One block of any shape up to the largest.
MK_INLINE void any_block(size_t rows, size_t columns, size_t k, const double *a, size_t a_row,
                         size_t a_inner, const double *b, size_t ldb, double *c, size_t ldc) {
  size_t before = (columns - 1) / VECTOR_WIDTH, last = columns - before * VECTOR_WIDTH;
  block_kernels[rows - 1][before][last == VECTOR_WIDTH](k, last, a, a_row, a_inner, b, ldb, c, ldc);
}
