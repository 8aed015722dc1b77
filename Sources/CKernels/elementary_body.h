// exp and log, eight elements at a time, without branches or tables.
//
// Both reduce the argument as in W. J. Cody and W. Waite, Software Manual for the Elementary
// Functions (1980), keep the low part of the reduced sum as in T. J. Dekker (1971,
// doi:10.1007/BF01397083), and end in a polynomial whose coefficients
// Tests/TheoryTests/Numerics/References/make_coefficients.py prints.

/// Adding it to |v| < 2^51 leaves the nearest integer to v in the low bits of the sum.
#define ROUNDER 0x1.8p52
/// ln 2 in two parts; the product of the first with an integer below 2^11 is exact.
#define LN2_HIGH 0x1.62e42fefa3800p-1
#define LN2_LOW 0x1.ef35793c76730p-45
#define LOG2_E 0x1.71547652b82fep+0

/// 2^k from a sum ROUNDER + k with -1022 <= k <= 1023.
MK_INLINE octet power_of_two(octet rounded) {
  return (octet)(((octet_bits)rounded << 52) + (octet_bits)(1023ull << 52));
}

/// e^x; largest error seen 0.60 ulp (2e7 arguments), and 0.75 ulp in subnormal results, which are
/// rounded twice.
MK_INLINE octet exp_octet(octet x) {
  // Beyond these bounds the result is 0 or infinite, and is so at the bounds.
  octet t = x < -746.0 ? (octet)-746.0 : x;
  t = t > 710.0 ? (octet)710.0 : t;

  // x = k ln 2 + r + e with |r| <= ln 2 / 2 and e below the last bit of r.
  octet k = FMA(t, (octet)LOG2_E, (octet)ROUNDER) - ROUNDER;
  octet high = FMA(-k, (octet)LN2_HIGH, t);
  octet r = FMA(-k, (octet)LN2_LOW, high);
  octet e = FMA(-k, (octet)LN2_LOW, high - r);

  // (e^r - 1 - r - r^2/2) / r^3.
  octet r2 = r * r, r4 = r2 * r2;
  octet q01 = FMA(r, (octet)0x1.5555555555555p-5, (octet)0x1.5555555555556p-3);
  octet q23 = FMA(r, (octet)0x1.6c16c16c167e2p-10, (octet)0x1.11111111109b5p-7);
  octet q45 = FMA(r, (octet)0x1.a01a01a47a591p-16, (octet)0x1.a01a01a7c2efep-13);
  octet q67 = FMA(r, (octet)0x1.27e4e1f7222cbp-22, (octet)0x1.71de0db2f6b19p-19);
  octet q89 = FMA(r, (octet)0x1.1f66d948a47d2p-29, (octet)0x1.af389ecfc4b9cp-26);
  octet q = FMA(r4, FMA(r4, q89, FMA(r2, q67, q45)), FMA(r2, q23, q01));

  // 1 + r + low exactly, then the rest into low.
  octet one_r = 1.0 + r;
  octet low = (1.0 - one_r) + r;
  low = FMA(e, one_r, low);
  octet y = one_r + FMA(r2, FMA(r, q, (octet)0.5), low);

  // Two factors, so that each is a normal number; only the second can round.
  octet half = FMA(k, (octet)0.5, (octet)ROUNDER);
  octet rest = (k - (half - ROUNDER)) + ROUNDER;
  y = y * power_of_two(half) * power_of_two(rest);
  return x == x ? y : (octet)MK_NAN;
}

/// (ln(1+f) - f + f^2/2) / f^3 for 2/3 <= 1+f <= 4/3.
MK_INLINE octet log_polynomial(octet f, octet f2) {
  octet f4 = f2 * f2, f8 = f4 * f4;
  octet q0 = FMA(f, (octet)-0x1.ffffffffffff1p-3, (octet)0x1.5555555555555p-2);
  octet q2 = FMA(f, (octet)-0x1.5555555557c42p-3, (octet)0x1.999999999998bp-3);
  octet q4 = FMA(f, (octet)-0x1.fffffffc51563p-4, (octet)0x1.2492492494a01p-3);
  octet q6 = FMA(f, (octet)-0x1.99999ae001f2fp-4, (octet)0x1.c71c71c391ef8p-4);
  octet q8 = FMA(f, (octet)-0x1.555517628b5bap-4, (octet)0x1.745d187fb3b02p-4);
  octet q10 = FMA(f, (octet)-0x1.2499533783f78p-4, (octet)0x1.3b1375a92420cp-4);
  octet q12 = FMA(f, (octet)-0x1.ff00d91d7037dp-5, (octet)0x1.1117d5e4c7be6p-4);
  octet q14 = FMA(f, (octet)-0x1.d266833cd7aa3p-5, (octet)0x1.e0ec8c420dafbp-5);
  octet q16 = FMA(f, (octet)-0x1.4cc52776f1283p-5, (octet)0x1.ba030ffdaae35p-5);
  octet q18 = FMA(f, (octet)-0x1.4530c364ba9d7p-4, (octet)0x1.3c3ce0759f6c5p-5);
  octet q20 = (octet)0x1.37adda6114fd0p-4;
  octet s0 = FMA(f4, FMA(f2, q6, q4), FMA(f2, q2, q0));
  octet s8 = FMA(f4, FMA(f2, q14, q12), FMA(f2, q10, q8));
  octet s16 = FMA(f4, q20, FMA(f2, q18, q16));
  return FMA(f8, FMA(f8, s16, s8), s0);
}

/// ln x; largest error seen 0.64 ulp (2e7 arguments).
MK_INLINE octet log_octet(octet x) {
  // x = 2^k (1 + f) with 2/3 <= 1 + f < 4/3; a subnormal x is scaled up first.
  octet scaled = x < 0x1p-1022 ? x * 0x1p54 : x;
  octet offset = x < 0x1p-1022 ? (octet)(0x1p52 + 1024 + 54) : (octet)(0x1p52 + 1024);
  octet_bits bits = (octet_bits)scaled;
  octet_bits biased = bits - 0x3fe5555555555555ull + (1024ull << 52);
  octet k = (octet)((biased >> 52) | 0x4330000000000000ull) - offset;
  octet_bits exponent = (biased & 0xfff0000000000000ull) - (1024ull << 52);
  octet f = (octet)(bits - exponent) - 1.0;

  // f - f^2/2 as high + low, exactly.
  octet f2 = f * f;
  octet half = 0.5 * f;
  octet square = half * f;
  octet high = f - square;
  octet low = ((f - high) - square) - FMA(half, f, -square);
  low = FMA(f2 * f, log_polynomial(f, f2), low);

  octet whole = k * LN2_HIGH;
  octet sum = whole + high;
  octet rest = ((whole - sum) + high) + FMA(k, (octet)LN2_LOW, low);
  octet y = sum + rest;
  y = x == __builtin_inf() ? x : y;
  y = x == 0.0 ? (octet)-__builtin_inf() : y;
  return x >= 0.0 ? y : (octet)MK_NAN;
}

static void exp_all(double *out, const double *x, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) store_octet(out + i, exp_octet(load_octet(x + i)));
  if (i < n) store_octet_part(out + i, exp_octet(load_octet_part(x + i, n - i)), n - i);
}

static void log_all(double *out, const double *x, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) store_octet(out + i, log_octet(load_octet(x + i)));
  if (i < n) store_octet_part(out + i, log_octet(load_octet_part(x + i, n - i)), n - i);
}
