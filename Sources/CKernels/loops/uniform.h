// Philox4x32-10, sixteen counters at a time.
//
// Random numbers by counter instead of by state: element e of a stream at a step is always the
// same, whoever computes it and in whatever order.
#ifndef NN_LOOPS_UNIFORM_H
#define NN_LOOPS_UNIFORM_H

#include "vec.h"

typedef uint64_t nn_pair_word __attribute__((vector_size(64)));

/// The upper and lower words of multiplier · x. Each half of a double word is multiplied on its
/// own, which is the multiplication that vector units have.
NN_INLINE void nn_multiply_words(uint32_t multiplier, nn_word x, nn_word *high, nn_word *low) {
  const uint64_t lower_half = 0xffffffffu;
  nn_pair_word pairs = (nn_pair_word)x;
  nn_pair_word even = (pairs & lower_half) * (uint64_t)multiplier;
  nn_pair_word odd = (pairs >> 32) * (uint64_t)multiplier;
  *high = (nn_word)((even >> 32) | (odd & ~lower_half));
  *low = (nn_word)((even & lower_half) | (odd << 32));
}

/// words[w]: word w of sixteen counters, on entry the counters themselves.
NN_INLINE void nn_philox_rounds(uint64_t key, nn_word words[4]) {
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    nn_word high0, low0, high1, low1;
    nn_multiply_words(0xD2511F53u, words[0], &high0, &low0);
    nn_multiply_words(0xCD9E8D57u, words[2], &high1, &low1);
    words[0] = high1 ^ words[1] ^ k0;
    words[1] = low1;
    words[2] = high0 ^ words[3] ^ k1;
    words[3] = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

NN_INLINE nn_word nn_interleave_low(nn_word a, nn_word b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

NN_INLINE nn_word nn_interleave_high(nn_word a, nn_word b) {
  return __builtin_shufflevector(
    a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

NN_INLINE nn_vec nn_unit_interval(nn_word words) {
  return __builtin_convertvector((nn_int)(words >> 8), nn_vec) * 0x1p-24f;
}

/// The uniform numbers of the counters first … first + count - 1, four of each.
/// - out: [4 · count], count a multiple of 16
static void nn_loop_uniform(
  float *out, uint64_t key, uint64_t first, uint64_t step, int64_t count) {
  for (int64_t at = 0; at < count; at += NN_LANES) {
    nn_wide_word counter = __builtin_convertvector(nn_iota(), nn_wide_word) +
                           (first + (uint64_t)at);
    nn_word words[4] = {
      __builtin_convertvector(counter & 0xffffffffu, nn_word),
      __builtin_convertvector(counter >> 32, nn_word),
      (nn_word){0} + (uint32_t)step,
      (nn_word){0} + (uint32_t)(step >> 32),
    };
    nn_philox_rounds(key, words);
    // Interleaving words 0 with 2 and 1 with 3, then the results, puts each counter's four
    // words side by side.
    nn_word even_low = nn_interleave_low(words[0], words[2]);
    nn_word even_high = nn_interleave_high(words[0], words[2]);
    nn_word odd_low = nn_interleave_low(words[1], words[3]);
    nn_word odd_high = nn_interleave_high(words[1], words[3]);
    float *place = out + 4 * at;
    nn_store(place, nn_unit_interval(nn_interleave_low(even_low, odd_low)));
    nn_store(place + 16, nn_unit_interval(nn_interleave_high(even_low, odd_low)));
    nn_store(place + 32, nn_unit_interval(nn_interleave_low(even_high, odd_high)));
    nn_store(place + 48, nn_unit_interval(nn_interleave_high(even_high, odd_high)));
  }
}

#endif
