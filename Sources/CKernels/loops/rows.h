// Softmax and cross entropy along the rows of x: [rows, columns].
#ifndef NN_LOOPS_ROWS_H
#define NN_LOOPS_ROWS_H

#include "exponential.h"
#include "logarithm.h"
#include "reduce.h"
#include "transpose.h"

/// How many elements are summed lane by lane before they go into the pairwise sum.
#define NN_ROW_BLOCK 512

/// v in lanes [0, n), zero in the others.
NN_INLINE nn_vec nn_keep(nn_vec v, int64_t n) {
  if (n >= NN_LANES) return v;
  return (nn_vec)((nn_int)v & (nn_iota() < nn_splat_int((int32_t)n)));
}

/// Σ exp(x - largest) over a row, the terms also stored to y unless it is NULL; y may be x.
NN_INLINE float nn_sum_exp(const float *x, float *y, float largest, int64_t columns) {
  nn_pairwise sums;
  nn_pairwise_start(&sums);
  for (int64_t from = 0; from < columns; from += NN_ROW_BLOCK) {
    int64_t to = columns - from < NN_ROW_BLOCK ? columns : from + NN_ROW_BLOCK;
    nn_vec sum = {0};
    for (int64_t i = from; i < to; i += NN_LANES) {
      // Subtract the row's maximum so that exp cannot overflow.
      nn_vec e = nn_exp_below(nn_load_some(x + i, to - i) - largest);
      if (y) nn_store_some(y + i, e, to - i);
      sum += nn_keep(e, to - i);
    }
    nn_pairwise_push(&sums, sum);
  }
  return nn_fold(nn_pairwise_total(&sums));
}

/// Σ a · b over a row, or Σ b if a is NULL.
NN_INLINE float nn_sum_products(const float *a, const float *b, int64_t columns) {
  nn_pairwise sums;
  nn_pairwise_start(&sums);
  for (int64_t from = 0; from < columns; from += NN_ROW_BLOCK) {
    int64_t to = columns - from < NN_ROW_BLOCK ? columns : from + NN_ROW_BLOCK;
    nn_vec sum = {0};
    for (int64_t i = from; i < to; i += NN_LANES) {
      nn_vec v = nn_load_some(b + i, to - i);
      sum += a ? nn_load_some(a + i, to - i) * v : v;
    }
    nn_pairwise_push(&sums, sum);
  }
  return nn_fold(nn_pairwise_total(&sums));
}

NN_INLINE float nn_log_of_one(float x) { return nn_log(nn_splat(x))[0]; }

/// The softmax of up to sixteen rows of up to sixteen columns, a row in each lane: a row by itself would
/// leave most lanes idle. Columns are added up in their order.
static void nn_softmax_lanes(const float *x, float *y, int64_t rows, int64_t columns) {
  float across[NN_LANES * NN_LANES];
  nn_transpose_block(x, columns, across, NN_LANES, rows, columns, NN_LANES);
  nn_vec largest = nn_load(across), total = {0};
  for (int64_t i = 1; i < columns; i++) {
    nn_vec v = nn_load(across + i * NN_LANES);
    largest = nn_select(v > largest, v, largest);
  }
  for (int64_t i = 0; i < columns; i++) {
    nn_vec e = nn_exp_below(nn_load(across + i * NN_LANES) - largest);
    nn_store(across + i * NN_LANES, e);
    total += e;
  }
  for (int64_t i = 0; i < columns; i++) {
    nn_store(across + i * NN_LANES, nn_load(across + i * NN_LANES) / total);
  }
  nn_transpose_block(across, NN_LANES, y, columns, columns, rows, columns);
}

/// The same for one row, to the bit.
NN_INLINE void nn_softmax_short(const float *x, float *y, int64_t columns) {
  nn_vec e = nn_exp_below(nn_load_some(x, columns) - nn_largest(x, columns));
  float total = 0;
  for (int64_t i = 0; i < columns; i++) total += e[i];
  nn_store_some(y, e / total, columns);
}

static void nn_loop_softmax(const float *x, float *y, int64_t rows, int64_t columns) {
  if (columns <= NN_LANES) {
    int64_t r = 0;
    for (; rows - r >= 4; r += NN_LANES) {
      int64_t count = rows - r < NN_LANES ? rows - r : NN_LANES;
      nn_softmax_lanes(x + r * columns, y + r * columns, count, columns);
    }
    for (; r < rows; r++) nn_softmax_short(x + r * columns, y + r * columns, columns);
    return;
  }
  for (int64_t r = 0; r < rows; r++, x += columns, y += columns) {
    float total = nn_sum_exp(x, y, nn_largest(x, columns), columns);
    for (int64_t i = 0; i < columns; i += NN_LANES) {
      nn_store_some(y + i, nn_load_some(y + i, columns - i) / total, columns - i);
    }
  }
}

static void nn_loop_log_softmax(const float *x, float *y, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++, x += columns, y += columns) {
    float largest = nn_largest(x, columns);
    float logarithm = nn_log_of_one(nn_sum_exp(x, NULL, largest, columns));
    for (int64_t i = 0; i < columns; i += NN_LANES) {
      nn_vec shifted = nn_load_some(x + i, columns - i) - largest;
      nn_store_some(y + i, shifted - logarithm, columns - i);
    }
  }
}

static void nn_loop_softmax_gradient(
  const float *y, const float *dy, float *dx, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    float product = nn_sum_products(y, dy, columns);
    for (int64_t i = 0; i < columns; i += NN_LANES) {
      nn_vec difference = nn_load_some(dy + i, columns - i) - product;
      nn_store_some(dx + i, nn_load_some(y + i, columns - i) * difference, columns - i);
    }
  }
}

static void nn_loop_log_softmax_gradient(
  const float *y, const float *dy, float *dx, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    float total = nn_sum_products(NULL, dy, columns);
    for (int64_t i = 0; i < columns; i += NN_LANES) {
      nn_vec softmax = nn_exp(nn_load_some(y + i, columns - i));
      nn_store_some(dx + i, nn_load_some(dy + i, columns - i) - softmax * total, columns - i);
    }
  }
}

static void nn_loop_cross_entropy(
  const float *logits, const int32_t *target, float *loss, int64_t rows, int64_t columns) {
  // Sixteen rows at a time, because one logarithm costs as much as sixteen.
  for (int64_t from = 0; from < rows; from += NN_LANES) {
    int64_t count = rows - from < NN_LANES ? rows - from : NN_LANES;
    nn_vec totals = nn_splat(1), chosen = {0};
    for (int64_t r = 0; r < count; r++) {
      // What is no class, such as padding, keeps the logarithm of one.
      if (target[from + r] < 0) continue;
      const float *row = logits + (from + r) * columns;
      float largest = nn_largest(row, columns);
      totals[r] = nn_sum_exp(row, NULL, largest, columns);
      chosen[r] = row[target[from + r]] - largest;
    }
    nn_store_some(loss + from, nn_log(totals) - chosen, count);
  }
}

static void nn_loop_cross_entropy_gradient(
  const float *logits, const int32_t *target, const float *dloss, float *dlogits, int64_t rows,
  int64_t columns) {
  for (int64_t r = 0; r < rows; r++, logits += columns, dlogits += columns) {
    if (target[r] < 0) {
      for (int64_t i = 0; i < columns; i++) dlogits[i] = 0;
      continue;
    }
    float total = nn_sum_exp(logits, dlogits, nn_largest(logits, columns), columns);
    // The target's column is (p - 1) · dloss; taking dloss away after the scaling would cancel.
    float weight = dloss[r] / total;
    float at_target = (dlogits[target[r]] - total) * weight;
    for (int64_t i = 0; i < columns; i += NN_LANES) {
      nn_store_some(dlogits + i, nn_load_some(dlogits + i, columns - i) * weight, columns - i);
    }
    dlogits[target[r]] = at_target;
  }
}

#endif
