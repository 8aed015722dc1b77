// Vector types that the kernel bodies share.
//
// A path includes this file after it has defined VECTOR_WIDTH, the doubles in its widest register.
#ifndef MK_VECTORS_H
#define MK_VECTORS_H
#define MK_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

/// Eight doubles: the unit of the reductions and of exp and log on every path.
typedef double octet __attribute__((ext_vector_type(8)));
/// The bits of an octet.
typedef uint64_t octet_bits __attribute__((ext_vector_type(8)));
/// One register of the path.
typedef double wide __attribute__((ext_vector_type(VECTOR_WIDTH)));

#define MK_NAN __builtin_nan("")
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))

MK_INLINE octet load_octet(const double *x) {
  octet v;
  memcpy(&v, x, sizeof v);
  return v;
}

MK_INLINE void store_octet(double *out, octet v) { memcpy(out, &v, sizeof v); }

MK_INLINE wide load_wide(const double *x) {
  wide v;
  memcpy(&v, x, sizeof v);
  return v;
}

MK_INLINE void store_wide(double *out, wide v) { memcpy(out, &v, sizeof v); }

#define MIX(x, y, ...) __builtin_shufflevector((x), (y), __VA_ARGS__)

/// Writes the transpose of 8 x 8 doubles, of which the rows lie `stride` apart, contiguously.
MK_INLINE void transpose_octets(double *out, const double *x, size_t stride) {
  octet r[8], s[8];
  for (size_t i = 0; i < 8; i++) r[i] = load_octet(x + i * stride);
  for (size_t i = 0; i < 8; i += 2) {
    s[i] = MIX(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    s[i + 1] = MIX(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (size_t i = 0; i < 8; i += (i & 1) ? 3 : 1) {
    r[i] = MIX(s[i], s[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    r[i + 2] = MIX(s[i], s[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (size_t i = 0; i < 4; i++) {
    store_octet(out + i * 8, MIX(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11));
    store_octet(out + (i + 4) * 8, MIX(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15));
  }
}

/// Processors disagree about the sign and payload of a NaN; one bit pattern stands for all.
MK_INLINE octet canonical_octet(octet v) { return v == v ? v : (octet)MK_NAN; }
MK_INLINE wide canonical_wide(wide v) { return v == v ? v : (wide)MK_NAN; }
MK_INLINE double canonical(double v) { return v == v ? v : MK_NAN; }

#endif
