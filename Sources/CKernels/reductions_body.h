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

/// The dot products of four rows: four chains hide what one waits for.
MK_INLINE void four_dots(double *out, const double *a, size_t lda, const double *x, size_t n) {
  octet lanes[4] = {0.0, 0.0, 0.0, 0.0};
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    octet right = load_octet(x + i);
    for (int row = 0; row < 4; row++) {
      lanes[row] = FMA(load_octet(a + (size_t)row * lda + i), right, lanes[row]);
    }
  }
  if (i < n) {
    octet right = load_octet_part(x + i, n - i);
    for (int row = 0; row < 4; row++) {
      lanes[row] = FMA(load_octet_part(a + (size_t)row * lda + i, n - i), right, lanes[row]);
    }
  }
  for (int row = 0; row < 4; row++) out[row] = combine(lanes[row]);
}

static void dots_all(double *out, const double *a, size_t lda, size_t m, const double *x,
                     size_t n) {
  size_t row = 0;
  for (; row + 4 <= m; row += 4) four_dots(out + row, a + row * lda, lda, x, n);
  for (; row < m; row++) out[row] = dot_all(a + row * lda, x, n);
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
