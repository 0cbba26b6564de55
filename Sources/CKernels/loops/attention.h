// What attention needs beside matrix products: weights from scores, and rotation by position.
#ifndef NN_LOOPS_ATTENTION_H
#define NN_LOOPS_ATTENTION_H

#include "rows.h"

/// One row of weights. The first `visible` scores count, and of them those whose mask is not zero;
/// where none does, all weights are zero. mask is NULL or [visible].
static void nn_attention_row(
  const float *x, const float *mask, float *y, int64_t visible, int64_t columns, float scale) {
  const nn_vec hidden = nn_splat(-__builtin_inff());
  for (int64_t i = 0; i < visible; i += NN_LANES) {
    nn_vec v = nn_load_some(x + i, visible - i) * scale;
    if (mask) v = nn_select(nn_load_some(mask + i, visible - i) != 0.0f, v, hidden);
    nn_store_some(y + i, v, visible - i);
  }
  float largest = nn_largest(y, visible);
  if (largest == -__builtin_inff()) visible = 0;
  if (visible > 0) {
    float total = nn_sum_exp(y, y, largest, visible);
    for (int64_t i = 0; i < visible; i += NN_LANES) {
      nn_store_some(y + i, nn_load_some(y + i, visible - i) / total, visible - i);
    }
  }
  for (int64_t i = visible; i < columns; i++) y[i] = 0;
}

static void nn_loop_attention_weights(
  const nn_attention *shape, const float *x, const float *mask, float *y) {
  const int64_t columns = shape->columns;
  for (int64_t s = 0; s < shape->samples; s++) {
    for (int64_t h = 0; h < shape->heads; h++) {
      for (int64_t r = 0; r < shape->rows; r++, x += columns, y += columns) {
        bool sees_all = !shape->is_causal || r + 1 >= columns;
        nn_attention_row(
          x, mask ? mask + s * columns : NULL, y, sees_all ? columns : r + 1, columns,
          shape->scale);
      }
    }
  }
}

static void nn_loop_attention_gradient(
  const nn_attention *shape, const float *y, const float *dy, float *dx) {
  const int64_t columns = shape->columns;
  const int64_t rows = shape->samples * shape->heads * shape->rows;
  for (int64_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    float product = nn_sum_products(y, dy, columns);
    for (int64_t i = 0; i < columns; i += NN_LANES) {
      nn_vec difference = (nn_load_some(dy + i, columns - i) - product) * shape->scale;
      nn_store_some(dx + i, nn_load_some(y + i, columns - i) * difference, columns - i);
    }
  }
}

static void nn_loop_rotate_halves(
  const float *x, const float *cosines, const float *sines, float *y, int64_t outer,
  int64_t positions, int64_t heads, int64_t half) {
  for (int64_t o = 0; o < outer; o++) {
    const float *c = cosines, *s = sines;
    for (int64_t t = 0; t < positions; t++, c += half, s += half) {
      for (int64_t h = 0; h < heads; h++, x += 2 * half, y += 2 * half) {
        for (int64_t i = 0; i < half; i += NN_LANES) {
          int64_t n = half - i;
          nn_vec first = nn_load_some(x + i, n), second = nn_load_some(x + half + i, n);
          nn_vec cosine = nn_load_some(c + i, n), sine = nn_load_some(s + i, n);
          nn_store_some(y + i, first * cosine - second * sine, n);
          nn_store_some(y + half + i, second * cosine + first * sine, n);
        }
      }
    }
  }
}

#endif
