// Prints one digest per kernel, over inputs from a fixed generator.
//
// kernels.sh compares the output between processors. Within one process every vector path that the
// processor has is run, and a path that differs is an error (status 1).
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"

enum { count = 20000, side = 97 };

static double x[count], y[count], z[count];

/// SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2714064.2660195).
static uint64_t next(uint64_t *state) {
  uint64_t v = *state += 0x9e3779b97f4a7c15ull;
  v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9ull;
  v = (v ^ (v >> 27)) * 0x94d049bb133111ebull;
  return v ^ (v >> 31);
}

static double uniform(uint64_t *state) { return (double)(next(state) >> 11) * 0x1p-53; }

/// FNV-1a over the bytes, least significant first.
static uint64_t add(uint64_t digest, const double *values, size_t n) {
  for (size_t i = 0; i < n; i++) {
    uint64_t bits;
    memcpy(&bits, values + i, sizeof bits);
    for (int shift = 0; shift < 64; shift += 8) {
      digest = (digest ^ ((bits >> shift) & 255)) * 0x100000001b3ull;
    }
  }
  return digest;
}

/// A third of the values is moderate, a third of any exponent, a third any bits at all.
static void fill(double *values, size_t n, uint64_t seed, double scale) {
  for (size_t i = 0; i < n; i++) {
    uint64_t bits = next(&seed);
    values[i] = (2 * uniform(&seed) - 1) * scale;
    if (i % 3 == 1) values[i] *= 746 / scale;
    if (i % 3 == 2) memcpy(values + i, &bits, sizeof bits);
  }
}

/// Moderate values, with an infinity and a NaN now and then.
static void fill_moderate(double *values, size_t n, uint64_t seed) {
  for (size_t i = 0; i < n; i++) values[i] = 2 * uniform(&seed) - 1;
  values[n / 3] = __builtin_inf();
  values[n / 2] = -__builtin_inf();
  values[2 * n / 3] = -__builtin_nan("7");
}

static const uint64_t start = 0xcbf29ce484222325ull;

static uint64_t digest_elementary(void (*kernel)(double *, const double *, size_t), double scale) {
  uint64_t digest = start;
  fill(x, count, 1, scale);
  for (size_t n = 0; n < 20; n++) {
    kernel(z, x + n, n);
    digest = add(digest, z, n);
  }
  kernel(z, x, count);
  return add(digest, z, count);
}

static uint64_t digest_sums(int products) {
  uint64_t digest = start;
  for (size_t n = 0; n <= count; n = n < 40 ? n + 1 : 3 * n + 1) {
    for (uint64_t seed = 0; seed < 2; seed++) {
      if (seed == 0) {
        for (size_t i = 0; i < n; i++) x[i] = (y[i] = 1.0 / (double)(i + 3)) - 0.3;
      } else if (n > 0) {
        fill_moderate(x, n, 2);
        fill_moderate(y, n, 3);
      }
      double sum = products ? mk_dot(x, y, n) : mk_sum(x, n);
      digest = add(digest, &sum, 1);
    }
  }
  return digest;
}

static uint64_t digest_axpy(void) {
  uint64_t digest = start;
  for (size_t n = 3; n < 40; n++) {
    fill_moderate(x, n, n);
    fill_moderate(y, n, n + 100);
    mk_axpy(y, 0.7, x, n);
    digest = add(digest, y, n);
  }
  return digest;
}

static uint64_t gemm(uint64_t digest, size_t m, size_t n, size_t k, int transposed) {
  for (size_t i = 0; i < m * k; i++) x[i] = 1.0 / (double)(i % 1013 + 1) - 0.1;
  for (size_t i = 0; i < k * n; i++) y[i] = 1.0 / (double)(i % 1019 + 2) - 0.2;
  for (size_t i = 0; i < m * n; i++) z[i] = 1.0 / (double)(i % 1021 + 3);
  if (transposed) {
    mk_gemm_tn(m, n, k, x, m, y, n, z, n);
  } else {
    mk_gemm(m, n, k, x, k, y, n, z, n);
  }
  return add(digest, z, m * n);
}

static uint64_t digest_gemm(int transposed) {
  uint64_t digest = start;
  for (size_t size = 1; size < 20; size++) {
    digest = gemm(digest, size, 20 - size, size / 2, transposed);
    digest = gemm(digest, size, size, size, transposed);
  }
  digest = gemm(digest, 60, 70, 201, transposed);
  return gemm(digest, side, side, side, transposed);
}

static uint64_t digest_dots(void) {
  uint64_t digest = start;
  fill_moderate(x, count, 4);
  fill_moderate(y, count, 5);
  for (size_t n = 0; n < 40; n++) {
    mk_dots(z, x, n + 3, 11, y, n);
    digest = add(digest, z, 11);
    mk_row(n, 11, y, x, n + 3, z);
    mk_outer(11, n, y, x, z + n, n + 1);
    digest = add(digest, z, 11 * (n + 1) + n);
  }
  return digest;
}

/// Blocks from one that carries into the upper word of the counter, and their words counted.
static uint64_t digest_random(void) {
  static uint32_t words[4 * 37], counts[19];
  const uint32_t key[2] = {5, 6}, name[2] = {7, 8};
  mk_philox(words, key, name, 0xffffffeeull, 37);
  mk_count_at_least(counts, words, 19, words, 4 * 37);
  for (size_t i = 0; i < 4 * 37; i++) x[i] = words[i];
  for (size_t i = 0; i < 19; i++) y[i] = counts[i];
  return add(add(start, x, 4 * 37), y, 19);
}

int main(void) {
  const char *paths[] = {"generic", "avx2", "avx512"};
  char first[1024] = "", text[1024];
  for (int i = 0; i < 3; i++) {
    if (!mk_select_simd(paths[i])) continue;
    snprintf(text, sizeof text,
             "exp     %016llx\nlog     %016llx\nsum     %016llx\ndot     %016llx\n"
             "axpy    %016llx\ngemm    %016llx\ngemm_tn %016llx\ndots    %016llx\n"
             "random  %016llx\n",
             (unsigned long long)digest_elementary(mk_exp, 3),
             (unsigned long long)digest_elementary(mk_log, 3), (unsigned long long)digest_sums(0),
             (unsigned long long)digest_sums(1), (unsigned long long)digest_axpy(),
             (unsigned long long)digest_gemm(0), (unsigned long long)digest_gemm(1),
             (unsigned long long)digest_dots(), (unsigned long long)digest_random());
    fprintf(stderr, "  path %s\n", paths[i]);
    if (first[0] == 0) memcpy(first, text, sizeof text);
    if (strcmp(first, text) != 0) {
      fprintf(stderr, "path %s differs:\n%s", paths[i], text);
      return 1;
    }
  }
  fputs(first, stdout);
  return 0;
}
