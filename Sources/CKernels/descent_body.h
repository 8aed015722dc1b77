// The two parts of a step of descent in which small problems spend their time: in one call each, what
// takes several kernels otherwise.

/// The numbers at eight places.
MK_INLINE octet gather_octet(const double *x, const int32_t *at) {
  return (octet){x[at[0]], x[at[1]], x[at[2]], x[at[3]], x[at[4]], x[at[5]], x[at[6]], x[at[7]]};
}

static void exp_margins_all(double *out, const double *x, const int32_t *at, const int32_t *from,
                            const double *ratios, double offset, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    octet margin = gather_octet(x, at + i) - gather_octet(x, from + i);
    store_octet(out + i, exp_octet((margin + load_octet(ratios + i)) - offset));
  }
  if (i == n) return;
  // The last place stands in for those that are missing.
  int32_t tokens[8], labels[8];
  for (size_t l = 0; l < 8; l++) {
    size_t place = i + l < n ? i + l : n - 1;
    tokens[l] = at[place];
    labels[l] = from[place];
  }
  octet margin = gather_octet(x, tokens) - gather_octet(x, labels);
  octet power = exp_octet((margin + load_octet_part(ratios + i, n - i)) - offset);
  store_octet_part(out + i, power, n - i);
}

/// `rows` is a constant at every call, so that both products stay in registers.
MK_INLINE void sandwich_rows(size_t rows, size_t n, const double *b, const double *g, const double *a,
                             double *c, double dots[2]) {
  octet half[8], sums[8];
  UNROLL for (size_t i = 0; i < rows; i++) half[i] = 0.0;
  for (size_t p = 0; p < n; p++) {
    octet row = load_octet(a + p * 8);
    UNROLL for (size_t i = 0; i < rows; i++) half[i] = FMA((octet)g[i * 8 + p], row, half[i]);
  }
  UNROLL for (size_t i = 0; i < rows; i++) {
    sums[i] = 0.0;
    UNROLL for (size_t p = 0; p < rows; p++) sums[i] = FMA((octet)b[i * rows + p], half[p], sums[i]);
  }
  octet inner = 0.0, square = 0.0;
  UNROLL for (size_t i = 0; i < rows; i++) {
    octet left = load_octet(g + i * 8), right = canonical_octet(sums[i]);
    store_octet(c + i * 8, right);
    inner = FMA(left, right, inner);
    square = FMA(left, left, square);
  }
  dots[0] = combine(inner);
  dots[1] = combine(square);
}

static void sandwich_all(size_t rows, size_t n, const double *b, const double *g, const double *a,
                         double *c, double dots[2]) {
  switch (rows) {
    case 1: sandwich_rows(1, n, b, g, a, c, dots); break;
    case 2: sandwich_rows(2, n, b, g, a, c, dots); break;
    case 3: sandwich_rows(3, n, b, g, a, c, dots); break;
    case 4: sandwich_rows(4, n, b, g, a, c, dots); break;
    case 5: sandwich_rows(5, n, b, g, a, c, dots); break;
    case 6: sandwich_rows(6, n, b, g, a, c, dots); break;
    case 7: sandwich_rows(7, n, b, g, a, c, dots); break;
    default: sandwich_rows(8, n, b, g, a, c, dots); break;
  }
}
