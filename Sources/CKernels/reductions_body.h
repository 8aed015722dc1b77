// Sums in eight interleaved lanes, and axpy.
//
// A lane starts at +0 and a part octet is filled with +0, which changes no lane.

MK_INLINE double combine(octet s) {
  return canonical(((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])));
}

static double sum_all(const double *x, size_t n) {
  octet lanes = 0.0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) lanes += load_octet(x + i);
  if (i < n) lanes += load_octet_part(x + i, n - i);
  return combine(lanes);
}

static double dot_all(const double *x, const double *y, size_t n) {
  octet lanes = 0.0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) lanes = FMA(load_octet(x + i), load_octet(y + i), lanes);
  if (i < n) lanes = FMA(load_octet_part(x + i, n - i), load_octet_part(y + i, n - i), lanes);
  return combine(lanes);
}

/// What `combine` gives of eight sums at once.
MK_INLINE octet combine_eight(const octet s[8]) {
  octet halves[4], quarters[2];
  UNROLL for (int i = 0; i < 4; i++) {
    octet a = s[2 * i], b = s[2 * i + 1];
    halves[i] = MIX(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + MIX(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  }
  UNROLL for (int i = 0; i < 2; i++) {
    octet a = halves[2 * i], b = halves[2 * i + 1];
    quarters[i] = MIX(a, b, 0, 1, 4, 5, 8, 9, 12, 13) + MIX(a, b, 2, 3, 6, 7, 10, 11, 14, 15);
  }
  octet a = quarters[0], b = quarters[1];
  return canonical_octet(MIX(a, b, 0, 2, 4, 6, 8, 10, 12, 14) + MIX(a, b, 1, 3, 5, 7, 9, 11, 13, 15));
}

/// The dot products of up to eight rows, a constant number: so many chains hide what one waits for.
MK_INLINE void some_dots(int rows, double *out, const double *a, size_t lda, const double *x,
                         size_t n) {
  octet lanes[8];
  UNROLL for (int row = 0; row < 8; row++) lanes[row] = 0.0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    octet right = load_octet(x + i);
    UNROLL for (int row = 0; row < rows; row++) {
      lanes[row] = FMA(load_octet(a + (size_t)row * lda + i), right, lanes[row]);
    }
  }
  if (i < n) {
    octet right = load_octet_part(x + i, n - i);
    UNROLL for (int row = 0; row < rows; row++) {
      lanes[row] = FMA(load_octet_part(a + (size_t)row * lda + i, n - i), right, lanes[row]);
    }
  }
  octet sums = combine_eight(lanes);
  if (rows == 8) {
    store_octet(out, sums);
  } else {
    store_octet_part(out, sums, (size_t)rows);
  }
}

static void dots_all(double *out, const double *a, size_t lda, size_t m, const double *x,
                     size_t n) {
#if VECTOR_WIDTH == 8
  for (; m >= 8; m -= 8, out += 8, a += 8 * lda) some_dots(8, out, a, lda, x, n);
#endif
  for (; m >= 4; m -= 4, out += 4, a += 4 * lda) some_dots(4, out, a, lda, x, n);
  switch (m) {
    case 3: some_dots(3, out, a, lda, x, n); break;
    case 2: some_dots(2, out, a, lda, x, n); break;
    case 1: out[0] = dot_all(a, x, n); break;
    default: break;
  }
}

/// Takes the greatest of x off each; NaN counts for nothing.
static void lower_all(double *x, size_t n) {
  octet lanes = -__builtin_inf();
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    octet next = load_octet(x + i);
    lanes = next > lanes ? next : lanes;
  }
  double greatest = i < n ? x[i] : -__builtin_inf();
  for (; i < n; i++) greatest = x[i] > greatest ? x[i] : greatest;
  UNROLL for (int lane = 0; lane < 8; lane++) greatest = lanes[lane] > greatest ? lanes[lane] : greatest;
  octet top = greatest;
  for (i = 0; i + 8 <= n; i += 8) store_octet(x + i, canonical_octet(load_octet(x + i) - top));
  if (i < n) store_octet_part(x + i, canonical_octet(load_octet_part(x + i, n - i) - top), n - i);
}

static void axpy_all(double *y, double a, const double *x, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    store_octet(y + i, canonical_octet(FMA((octet)a, load_octet(x + i), load_octet(y + i))));
  }
  if (i < n) {
    octet part = load_octet_part(y + i, n - i);
    part = canonical_octet(FMA((octet)a, load_octet_part(x + i, n - i), part));
    store_octet_part(y + i, part, n - i);
  }
}
