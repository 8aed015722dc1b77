// Vector types that the kernel bodies share.
//
// A path includes this file after it has defined VECTOR_WIDTH, the doubles in its widest register.
#ifndef MK_VECTORS_H
#define MK_VECTORS_H
#define MK_INLINE static inline __attribute__((always_inline))

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

/// Processors disagree about the sign and payload of a NaN; one bit pattern stands for all.
MK_INLINE octet canonical_octet(octet v) { return v == v ? v : (octet)MK_NAN; }
MK_INLINE wide canonical_wide(wide v) { return v == v ? v : (wide)MK_NAN; }
MK_INLINE double canonical(double v) { return v == v ? v : MK_NAN; }

#endif
