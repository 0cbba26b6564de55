// Rounding to bf16, by arithmetic on the bits, so that every instruction set gives the same.
#ifndef NN_LOOPS_BFLOAT16_H
#define NN_LOOPS_BFLOAT16_H

#include "vec.h"

typedef uint16_t nn_halves __attribute__((vector_size(32)));
typedef uint16_t nn_halves_unaligned __attribute__((vector_size(32), aligned(2), may_alias));

/// The upper half of a word after rounding to the nearest, halves to even.
NN_INLINE nn_halves nn_round_bf16(nn_vec x) {
  nn_word bits = (nn_word)x;
  nn_word magnitude = bits & 0x7fffffffu;
  nn_word rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
  // Rounding could carry a NaN into an infinity; a quiet one keeps what its upper half says.
  nn_int is_nan = magnitude > 0x7f800000u;
  rounded = ((nn_word)is_nan & (bits | 0x00400000u)) | (~(nn_word)is_nan & rounded);
  nn_int is_small = magnitude < 0x00800000u;
  rounded = ((nn_word)is_small & (bits & 0x80000000u)) | (~(nn_word)is_small & rounded);
  return __builtin_convertvector(rounded >> 16, nn_halves);
}

static void nn_loop_round_to_bf16(const float *x, uint16_t *y, int64_t n) {
  int64_t i = 0;
  for (; i + NN_LANES <= n; i += NN_LANES) {
    *(nn_halves_unaligned *)(y + i) = nn_round_bf16(nn_load(x + i));
  }
  if (i == n) return;
  nn_halves last = nn_round_bf16(nn_load_partial(x + i, n - i));
  memcpy(y + i, &last, sizeof(uint16_t) * (size_t)(n - i));
}

#endif
