// Sums of a tile's elements by their place in a period, such as the channel of a channels-last image.
#ifndef NN_LOOPS_TILE_SUM_H
#define NN_LOOPS_TILE_SUM_H

#include "../include/CKernels.h"
#include "vec.h"

/// How many rows of a period are summed in f32 before they go into the sums, which are double.
#define NN_TILE_SUM_ROWS 32

/// sums[i % period] += x[r · period + i % period …] for up to 16 columns and so many rows.
NN_INLINE void nn_add_columns(
  const float *x, double *sums, int64_t rows, int64_t period, int64_t columns) {
  nn_vec s0 = {0}, s1 = {0};
  int64_t r = 0;
  for (; r + 2 <= rows; r += 2) {
    s0 += nn_load_some(x + r * period, columns);
    s1 += nn_load_some(x + (r + 1) * period, columns);
  }
  if (r < rows) s0 += nn_load_some(x + r * period, columns);
  nn_wide total = nn_widen(s0 + s1);
  if (columns >= NN_LANES) {
    nn_wide sum;
    memcpy(&sum, sums, sizeof sum);
    sum += total;
    memcpy(sums, &sum, sizeof sum);
    return;
  }
  for (int64_t i = 0; i < columns; i++) sums[i] += total[i];
}

/// sums[(phase + i) % period] += x[i] for i < n.
static void nn_loop_tile_sum(
  const float *x, int64_t n, int64_t phase, int64_t period, double *sums) {
  while (n > 0) {
    // Whole rows where the period begins here, else what is left of it.
    int64_t rows = phase == 0 ? n / period : 0;
    if (rows > NN_TILE_SUM_ROWS) rows = NN_TILE_SUM_ROWS;
    int64_t width = period - phase < n ? period - phase : n;
    if (rows == 0) rows = 1;
    else width = period;
    for (int64_t i = 0; i < width; i += NN_LANES) {
      nn_add_columns(x + i, sums + phase + i, rows, period, width - i);
    }
    x += rows * width;
    n -= rows * width;
    phase = (phase + width) % period;
  }
}

#endif
