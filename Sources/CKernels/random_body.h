// Words of Philox4x32-10, eight blocks side by side, and their counts above thresholds.
//
// Integers alone, so no order of operations matters. Words of a block are stored in pairs as 64 bits,
// the first in the lower half: processors are little-endian.

/// Sixteen words: one register of the widest path.
typedef uint32_t words16 __attribute__((ext_vector_type(16)));

/// Eight words, each in the lower half of its element.
typedef octet_bits word_octet;
#define LOW_HALF 0xffffffffull

/// The blocks of eight counters, as the pairs of words (0, 1) and (2, 3).
MK_INLINE void philox_octet(word_octet a, word_octet b, word_octet c, word_octet d, uint64_t low,
                            uint64_t high, octet_bits *front, octet_bits *back) {
  for (int round = 0; round < 10; round++) {
    word_octet left = a * 0xd2511f53ull, right = c * 0xcd9e8d57ull;
    a = (right >> 32) ^ b ^ low;
    b = right & LOW_HALF;
    c = (left >> 32) ^ d ^ high;
    d = left & LOW_HALF;
    low = (low + 0x9e3779b9ull) & LOW_HALF;
    high = (high + 0xbb67ae85ull) & LOW_HALF;
  }
  *front = a | b << 32;
  *back = c | d << 32;
}

static void philox_all(uint32_t *out, const uint32_t key[2], const uint32_t name[2], uint64_t first,
                       size_t blocks) {
  const octet_bits steps = {0, 1, 2, 3, 4, 5, 6, 7};
  for (size_t i = 0; i < blocks; i += 8) {
    octet_bits counter = steps + (first + i), front, back;
    philox_octet(counter & LOW_HALF, counter >> 32, (octet_bits)(uint64_t)name[0],
                 (octet_bits)(uint64_t)name[1], key[0], key[1], &front, &back);
    octet_bits pairs[2] = {
        __builtin_shufflevector(front, back, 0, 8, 1, 9, 2, 10, 3, 11),
        __builtin_shufflevector(front, back, 4, 12, 5, 13, 6, 14, 7, 15),
    };
    size_t count = blocks - i < 8 ? blocks - i : 8;
    memcpy(out + 4 * i, pairs, count * 16);
  }
}

/// The counts of up to sixteen thresholds, one in each lane.
MK_INLINE void count_sixteen(uint32_t *out, const uint32_t *thresholds, size_t m,
                             const uint32_t *words, size_t n) {
  words16 counts = 0, lanes = 0;
  memcpy(&lanes, thresholds, m * sizeof *thresholds);
  // A comparison that holds is all ones, which is -1.
  for (size_t i = 0; i < n; i++) counts -= (words16)((words16)words[i] >= lanes);
  memcpy(out, &counts, m * sizeof *out);
}

static void count_at_least_all(uint32_t *out, const uint32_t *thresholds, size_t m,
                               const uint32_t *words, size_t n) {
  for (size_t j = 0; j < m; j += 16) {
    count_sixteen(out + j, thresholds + j, m - j < 16 ? m - j : 16, words, n);
  }
}
