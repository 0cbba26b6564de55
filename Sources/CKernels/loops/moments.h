// Count, mean and sum of squared deviations of each channel of x: [rows, channels].
//
// Up to 64 channels go over blocks of rows that stay in cache: a pass for the block's mean, a
// pass for its deviations, and then Chan's formula merges the block into the total, which is kept
// in double because there may be thousands of blocks.
#ifndef NN_LOOPS_MOMENTS_H
#define NN_LOOPS_MOMENTS_H

#include "vec.h"

#define NN_MOMENT_ROWS 64
#define NN_MOMENT_GROUP 4

/// What is known of sixteen channels so far.
typedef struct nn_running_moments {
  nn_wide mean, m2;
} nn_running_moments;

/// Merges `block` rows of up to 16 channels, `stride` apart, into the moments of `before` rows.
NN_INLINE void nn_add_rows(
  nn_running_moments *running, const float *x, int64_t before, int64_t block, int64_t stride,
  int64_t channels) {
  nn_vec s0 = {0}, s1 = {0};
  int64_t r = 0;
  for (; r + 2 <= block; r += 2) {
    s0 += nn_load_some(x + r * stride, channels);
    s1 += nn_load_some(x + (r + 1) * stride, channels);
  }
  if (r < block) s0 += nn_load_some(x + r * stride, channels);
  nn_vec block_mean = (s0 + s1) / (float)block;
  nn_vec d0 = {0}, d1 = {0}, rest0 = {0}, rest1 = {0};
  for (r = 0; r + 2 <= block; r += 2) {
    nn_vec v0 = nn_load_some(x + r * stride, channels) - block_mean;
    nn_vec v1 = nn_load_some(x + (r + 1) * stride, channels) - block_mean;
    d0 += v0 * v0;
    d1 += v1 * v1;
    rest0 += v0;
    rest1 += v1;
  }
  if (r < block) {
    nn_vec v0 = nn_load_some(x + r * stride, channels) - block_mean;
    d0 += v0 * v0;
    rest0 += v0;
  }
  // What rounding left of the deviations' sum corrects both mean and squares.
  nn_wide rest = nn_widen(rest0 + rest1);
  nn_wide exact_mean = nn_widen(block_mean) + rest / (double)block;
  nn_wide block_m2 = nn_widen(d0 + d1) - rest * rest / (double)block;
  nn_wide delta = exact_mean - running->mean;
  double total = (double)(before + block);
  running->mean += delta * ((double)block / total);
  running->m2 += block_m2 + delta * delta * ((double)before * (double)block / total);
}

/// - x: [rows, channels]; out: [3, channels]
static void nn_loop_moments(const float *x, float *out, int64_t rows, int64_t channels) {
  const int64_t width = NN_MOMENT_GROUP * NN_LANES;
  for (int64_t left = 0; left < channels; left += width) {
    int64_t right = channels - left < width ? channels : left + width;
    nn_running_moments running[NN_MOMENT_GROUP];
    memset(running, 0, sizeof running);
    for (int64_t from = 0; from < rows; from += NN_MOMENT_ROWS) {
      int64_t block = rows - from < NN_MOMENT_ROWS ? rows - from : NN_MOMENT_ROWS;
      for (int64_t c = left; c < right; c += NN_LANES) {
        nn_add_rows(
          &running[(c - left) / NN_LANES], x + from * channels + c, from, block, channels,
          right - c);
      }
    }
    for (int64_t c = left; c < right; c += NN_LANES) {
      const nn_running_moments *lanes = &running[(c - left) / NN_LANES];
      nn_store_some(out + c, nn_splat((float)rows), right - c);
      nn_store_some(out + channels + c, nn_narrow(lanes->mean), right - c);
      nn_store_some(out + 2 * channels + c, nn_narrow(lanes->m2), right - c);
    }
  }
}

static void nn_loop_merge_moments(float *into, const float *from, int64_t channels) {
  float *mean = into + channels, *m2 = into + 2 * channels;
  const float *other_mean = from + channels, *other_m2 = from + 2 * channels;
  for (int64_t c = 0; c < channels; c += NN_LANES) {
    int64_t n = channels - c;
    nn_vec na = nn_load_some(into + c, n), nb = nn_load_some(from + c, n);
    nn_vec total = na + nb;
    // Where both sets are empty all moments stay zero.
    nn_vec share = nn_select(total > 0.0f, nb / total, nn_splat(0));
    nn_vec a = nn_load_some(mean + c, n);
    nn_vec delta = nn_load_some(other_mean + c, n) - a;
    nn_vec squares = nn_load_some(m2 + c, n) + nn_load_some(other_m2 + c, n);
    nn_store_some(mean + c, a + delta * share, n);
    nn_store_some(m2 + c, squares + delta * delta * (na * share), n);
    nn_store_some(into + c, total, n);
  }
}

#endif
