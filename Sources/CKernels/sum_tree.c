// The elementwise sum of many buffers in a balanced tree that depends on their number alone.
//
// Shards of a batch are summed by it, so the bits must not depend on who sums which slice, nor on
// how many threads or machines there are.
#include <string.h>

#include "kernels.h"

#define CHUNK 512

/// The sum of parts[0 … count) at [offset, offset + n), n <= CHUNK, in a part itself or in scratch.
static const float *sum_of_span(
  const nn_kernels *kernels, const float *const *parts, int32_t count, int64_t offset, int64_t n,
  float *scratch) {
  if (count == 1) return parts[0] + offset;
  int32_t split = 1;
  while (split <= (count - 1) / 2) split *= 2;
  const float *left = sum_of_span(kernels, parts, split, offset, n, scratch);
  const float *right =
    sum_of_span(kernels, parts + split, count - split, offset, n, scratch + CHUNK);
  kernels->add(scratch, left, right, n);
  return scratch;
}

void nn_sum_tree(
  float *out, const float *const *parts, int32_t count, int64_t begin, int64_t n) {
  const nn_kernels *kernels = nn_kernels_in_use();
  // One buffer for each level of the deepest tree that an int32 can count, and one to spare.
  float scratch[33 * CHUNK];
  for (int64_t at = begin; at < begin + n; at += CHUNK) {
    int64_t length = begin + n - at < CHUNK ? begin + n - at : CHUNK;
    // The chunk's parts are all read before it is written, so that out may be any of them.
    const float *sum = sum_of_span(kernels, parts, count, at, length, scratch);
    memmove(out + at, sum, sizeof(float) * (size_t)length);
  }
}

void nn_sum_onto(float *const *sums, int32_t count, const float *last, int64_t n) {
  const nn_kernels *kernels = nn_kernels_in_use();
  for (int64_t at = 0; at < n; at += CHUNK) {
    int64_t length = n - at < CHUNK ? n - at : CHUNK;
    // The first is written last, when nothing reads the chunk any more.
    float scratch[CHUNK];
    const float *right = last + at;
    for (int32_t index = count - 1; index >= 0; index--) {
      float *out = index == 0 ? sums[0] + at : scratch;
      kernels->add(out, sums[index] + at, right, length);
      right = scratch;
    }
  }
}
