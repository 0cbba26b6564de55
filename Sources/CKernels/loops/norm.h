// Normalisation of rows: each by its own mean and deviation, or by the root of its mean square; and
// the way back in one pass over memory.
#ifndef NN_LOOPS_NORM_H
#define NN_LOOPS_NORM_H

#include "../kernels.h"
#include "rows.h"

/// Σ (x - mean)² over a row.
NN_INLINE float nn_sum_deviations(const float *x, float mean, int64_t columns) {
  nn_pairwise sums;
  nn_pairwise_start(&sums);
  for (int64_t from = 0; from < columns; from += NN_ROW_BLOCK) {
    int64_t to = columns - from < NN_ROW_BLOCK ? columns : from + NN_ROW_BLOCK;
    nn_vec sum = {0};
    for (int64_t i = from; i < to; i += NN_LANES) {
      nn_vec v = nn_keep(nn_load_some(x + i, to - i) - mean, to - i);
      sum += v * v;
    }
    nn_pairwise_push(&sums, sum);
  }
  return nn_fold(nn_pairwise_total(&sums));
}

static void nn_loop_row_norm(
  const nn_row_norm *norm, const float *x, const float *gain, const float *offset, float *y,
  float *scales) {
  const int64_t columns = norm->columns;
  const float share = 1.0f / (float)columns;
  for (int64_t r = 0; r < norm->rows; r++, x += columns, y += columns, scales += 2) {
    float mean = norm->centres ? nn_sum_products(NULL, x, columns) * share : 0;
    // The deviations are summed in a pass of their own, because the mean of the squares less the
    // square of the mean would cancel.
    float variance = nn_sum_deviations(x, mean, columns) * share;
    float inverse = 1.0f / nn_sqrt(nn_splat(variance + norm->eps))[0];
    for (int64_t i = 0; i < columns; i += NN_LANES) {
      int64_t n = columns - i;
      nn_vec v = (nn_load_some(x + i, n) - mean) * inverse;
      if (gain) v *= nn_load_some(gain + i, n);
      if (offset) v += nn_load_some(offset + i, n);
      nn_store_some(y + i, v, n);
    }
    scales[0] = mean;
    scales[1] = inverse;
  }
}

/// What the gradient of a row needs beside the row itself: the means of dy · gain and of
/// dy · gain · (x - mean) · inverse.
typedef struct nn_norm_row {
  float mean, inverse, slope, product;
} nn_norm_row;

NN_INLINE nn_norm_row nn_norm_row_of(
  const nn_row_norm *norm, const float *x, const float *gain, const float *scales,
  const float *dy) {
  const int64_t columns = norm->columns;
  const float share = 1.0f / (float)columns;
  nn_norm_row row = {.mean = scales[0], .inverse = scales[1]};
  nn_pairwise slopes, products;
  nn_pairwise_start(&slopes);
  nn_pairwise_start(&products);
  for (int64_t from = 0; from < columns; from += NN_ROW_BLOCK) {
    int64_t to = columns - from < NN_ROW_BLOCK ? columns : from + NN_ROW_BLOCK;
    nn_vec slope = {0}, product = {0};
    for (int64_t i = from; i < to; i += NN_LANES) {
      nn_vec d = nn_load_some(dy + i, to - i);
      if (gain) d *= nn_load_some(gain + i, to - i);
      slope += d;
      product += d * (nn_load_some(x + i, to - i) - row.mean);
    }
    nn_pairwise_push(&slopes, slope);
    nn_pairwise_push(&products, product);
  }
  // Of a root mean square the mean is a constant zero, and nothing goes back through it.
  row.slope = norm->centres ? nn_fold(nn_pairwise_total(&slopes)) * share : 0;
  row.product = nn_fold(nn_pairwise_total(&products)) * row.inverse * share;
  return row;
}

/// The gradients of `count` rows, at most four, and their terms of the sums over rows.
NN_INLINE void nn_norm_rows_back(
  const nn_row_norm *norm, const float *x, const float *gain, const float *scales,
  const float *dy, float *dx, float *sums, const int count) {
  const int64_t columns = norm->columns;
  nn_norm_row row[4];
  for (int r = 0; r < count; r++) {
    row[r] = nn_norm_row_of(norm, x + r * columns, gain, scales + 2 * r, dy + r * columns);
  }
  for (int64_t i = 0; i < columns; i += NN_LANES) {
    int64_t n = columns - i;
    nn_vec of_gain = nn_load(sums + 2 * i), of_offset = nn_load(sums + 2 * i + NN_LANES);
    nn_vec scale = gain ? nn_load_some(gain + i, n) : nn_splat(1);
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++) {
      int64_t place = r * columns + i;
      nn_vec d = nn_load_some(dy + place, n);
      nn_vec normal = (nn_load_some(x + place, n) - row[r].mean) * row[r].inverse;
      of_gain += d * normal;
      of_offset += d;
      nn_vec inner = d * scale - row[r].slope - normal * row[r].product;
      nn_store_some(dx + place, inner * row[r].inverse, n);
    }
    nn_store(sums + 2 * i, of_gain);
    nn_store(sums + 2 * i + NN_LANES, of_offset);
  }
}

/// Sums over rows go into blocks of 32 rows, and those into pairwise sums as in pairwise.h, but of
/// whole rows: scratch is a stack of them, each of 16 columns' two sums after the other.
static void nn_loop_row_norm_gradient(
  const nn_row_norm *norm, const float *x, const float *gain, const float *scales,
  const float *dy, float *dx, float *dgain, float *doffset, float *scratch) {
  const int64_t columns = norm->columns, width = 2 * ((columns + 15) / 16 * 16);
  int64_t depth = 0;
  for (int64_t from = 0, blocks = 0; from < norm->rows; from += NN_NORM_ROWS, blocks++) {
    int64_t to = norm->rows - from < NN_NORM_ROWS ? norm->rows : from + NN_NORM_ROWS;
    float *sums = scratch + depth++ * width;
    memset(sums, 0, sizeof(float) * (size_t)width);
    int64_t r = from;
    for (; r + 4 <= to; r += 4) {
      nn_norm_rows_back(
        norm, x + r * columns, gain, scales + 2 * r, dy + r * columns, dx + r * columns, sums, 4);
    }
    for (; r < to; r++) {
      nn_norm_rows_back(
        norm, x + r * columns, gain, scales + 2 * r, dy + r * columns, dx + r * columns, sums, 1);
    }
    for (int64_t carry = blocks; carry & 1; carry >>= 1) {
      depth--;
      nn_loop_add(
        scratch + (depth - 1) * width, scratch + (depth - 1) * width, scratch + depth * width,
        width);
    }
  }
  for (; depth > 1; depth--) {
    float *into = scratch + (depth - 2) * width;
    nn_loop_add(into, into, into + width, width);
  }
  for (int64_t i = 0; i < columns; i += NN_LANES) {
    nn_vec of_gain = nn_load(scratch + 2 * i), of_offset = nn_load(scratch + 2 * i + NN_LANES);
    if (depth == 0) of_gain = of_offset = (nn_vec){0};
    if (dgain) nn_store_some(dgain + i, of_gain, columns - i);
    if (doffset) nn_store_some(doffset + i, of_offset, columns - i);
  }
}

#endif
