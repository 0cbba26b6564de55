// Pairwise summation as blocks arrive: a stack of sums of 1, 2, 4, … blocks, like a binary
// counter, so that the error grows with the logarithm of the number of blocks.
#ifndef NN_LOOPS_PAIRWISE_H
#define NN_LOOPS_PAIRWISE_H

#include "vec.h"

typedef struct nn_pairwise {
  nn_vec level[60];
  uint64_t count;
  int depth;
} nn_pairwise;

NN_INLINE void nn_pairwise_start(nn_pairwise *sums) {
  sums->count = 0;
  sums->depth = 0;
}

NN_INLINE void nn_pairwise_push(nn_pairwise *sums, nn_vec block) {
  for (uint64_t carry = sums->count; carry & 1; carry >>= 1) {
    block = sums->level[--sums->depth] + block;
  }
  sums->level[sums->depth++] = block;
  sums->count++;
}

NN_INLINE nn_vec nn_pairwise_total(nn_pairwise *sums) {
  if (sums->depth == 0) return (nn_vec){0};
  nn_vec total = sums->level[--sums->depth];
  while (sums->depth > 0) total = sums->level[--sums->depth] + total;
  return total;
}

#endif
