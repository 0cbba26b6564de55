// Sums and maxima over the middle axis of x: [outer, middle, inner], and over everything.
#ifndef NN_LOOPS_REDUCE_H
#define NN_LOOPS_REDUCE_H

#include "pairwise.h"

#define NN_SUM_BLOCK 2048

/// The sum of x: [n], each of 64 partial sums over at most 32 elements of a block.
static float nn_sum_row(const float *x, int64_t n) {
  nn_pairwise sums;
  nn_pairwise_start(&sums);
  for (int64_t from = 0; from < n; from += NN_SUM_BLOCK) {
    int64_t to = n - from < NN_SUM_BLOCK ? n : from + NN_SUM_BLOCK;
    nn_vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    int64_t i = from;
    for (; i + 64 <= to; i += 64) {
      s0 += nn_load(x + i);
      s1 += nn_load(x + i + 16);
      s2 += nn_load(x + i + 32);
      s3 += nn_load(x + i + 48);
    }
    for (; i < to; i += NN_LANES) s0 += nn_load_some(x + i, to - i);
    nn_pairwise_push(&sums, (s0 + s1) + (s2 + s3));
  }
  return nn_fold(nn_pairwise_total(&sums));
}

/// Sums of up to 16 columns of x: [middle, columns], the rows `stride` apart.
static void nn_sum_columns(
  const float *x, float *y, int64_t middle, int64_t stride, int64_t columns) {
  nn_pairwise sums;
  nn_pairwise_start(&sums);
  for (int64_t from = 0; from < middle; from += 128) {
    int64_t to = middle - from < 128 ? middle : from + 128;
    nn_vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    const float *row = x + from * stride;
    int64_t m = from;
    for (; m + 4 <= to; m += 4, row += 4 * stride) {
      s0 += nn_load_some(row, columns);
      s1 += nn_load_some(row + stride, columns);
      s2 += nn_load_some(row + 2 * stride, columns);
      s3 += nn_load_some(row + 3 * stride, columns);
    }
    for (; m < to; m++, row += stride) s0 += nn_load_some(row, columns);
    nn_pairwise_push(&sums, (s0 + s1) + (s2 + s3));
  }
  nn_store_some(y, nn_pairwise_total(&sums), columns);
}

/// Sums of 64 columns at once, so that whole cache lines next to each other are read together.
static void nn_sum_64_columns(const float *x, float *y, int64_t middle, int64_t stride) {
  nn_pairwise sums[4];
  for (int v = 0; v < 4; v++) nn_pairwise_start(&sums[v]);
  for (int64_t from = 0; from < middle; from += 32) {
    int64_t to = middle - from < 32 ? middle : from + 32;
    nn_vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    const float *row = x + from * stride;
    for (int64_t m = from; m < to; m++, row += stride) {
      s0 += nn_load(row);
      s1 += nn_load(row + 16);
      s2 += nn_load(row + 32);
      s3 += nn_load(row + 48);
    }
    nn_pairwise_push(&sums[0], s0);
    nn_pairwise_push(&sums[1], s1);
    nn_pairwise_push(&sums[2], s2);
    nn_pairwise_push(&sums[3], s3);
  }
  for (int v = 0; v < 4; v++) nn_store(y + 16 * v, nn_pairwise_total(&sums[v]));
}

static void nn_loop_reduce_sum(
  const float *x, float *y, int64_t outer, int64_t middle, int64_t inner) {
  if (inner == 1) {
    for (int64_t o = 0; o < outer; o++) y[o] = nn_sum_row(x + o * middle, middle);
    return;
  }
  for (int64_t o = 0; o < outer; o++, x += middle * inner, y += inner) {
    int64_t i = 0;
    for (; i + 64 <= inner; i += 64) nn_sum_64_columns(x + i, y + i, middle, inner);
    for (; i < inner; i += NN_LANES) nn_sum_columns(x + i, y + i, middle, inner, inner - i);
  }
}

/// The largest of x: [n], -inf for none, NaN if any is.
static float nn_largest(const float *x, int64_t n) {
  nn_vec best = nn_splat(-__builtin_inff());
  int64_t i = 0;
  for (; i + NN_LANES <= n; i += NN_LANES) best = nn_larger(nn_load(x + i), best);
  if (i < n) {
    nn_vec rest = nn_load_partial(x + i, n - i);
    best = nn_select(nn_iota() < nn_splat_int((int32_t)(n - i)), nn_larger(rest, best), best);
  }
  return nn_fold_larger(best);
}

static void nn_loop_reduce_max(
  const float *x, float *y, int64_t outer, int64_t middle, int64_t inner) {
  if (inner == 1) {
    for (int64_t o = 0; o < outer; o++) y[o] = nn_largest(x + o * middle, middle);
    return;
  }
  for (int64_t o = 0; o < outer; o++, x += middle * inner, y += inner) {
    for (int64_t i = 0; i < inner; i += NN_LANES) {
      nn_vec best = nn_splat(-__builtin_inff());
      for (int64_t m = 0; m < middle; m++) {
        best = nn_larger(nn_load_some(x + m * inner + i, inner - i), best);
      }
      nn_store_some(y + i, best, inner - i);
    }
  }
}

static double nn_loop_sum_of_squares(const float *x, int64_t n) {
  nn_wide sum = {0};
  for (int64_t i = 0; i < n; i += NN_LANES) {
    nn_wide v = nn_widen(nn_load_some(x + i, n - i));
    sum += v * v;
  }
  return nn_fold_wide(sum);
}

static bool nn_loop_all_finite(const float *x, int64_t n) {
  // A number times zero is zero; anything else gives NaN, which stays in a sum.
  nn_vec zero = nn_splat(0), a = {0}, b = {0}, c = {0}, d = {0};
  int64_t i = 0;
  for (; i + 4 * NN_LANES <= n; i += 4 * NN_LANES) {
    a += nn_load(x + i) * zero;
    b += nn_load(x + i + NN_LANES) * zero;
    c += nn_load(x + i + 2 * NN_LANES) * zero;
    d += nn_load(x + i + 3 * NN_LANES) * zero;
  }
  for (; i < n; i += NN_LANES) a += nn_load_some(x + i, n - i) * zero;
  nn_vec sum = (a + b) + (c + d);
  float all = 0;
  for (int lane = 0; lane < NN_LANES; lane++) all += sum[lane];
  return all == 0;
}

/// y[n] = a[n] + b[n]; y may be either.
static void nn_loop_add(float *y, const float *a, const float *b, int64_t n) {
  int64_t i = 0;
  for (; i + NN_LANES <= n; i += NN_LANES) nn_store(y + i, nn_load(a + i) + nn_load(b + i));
  for (; i < n; i++) y[i] = a[i] + b[i];
}

#endif
