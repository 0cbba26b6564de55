// The public names of the dispatched loops.
#include <string.h>

#include "kernels.h"

void nn_reduce_sum(const float *x, float *y, int64_t outer, int64_t middle, int64_t inner) {
  nn_kernels_in_use()->reduce_sum(x, y, outer, middle, inner);
}

void nn_reduce_max(const float *x, float *y, int64_t outer, int64_t middle, int64_t inner) {
  nn_kernels_in_use()->reduce_max(x, y, outer, middle, inner);
}

double nn_sum_of_squares(const float *x, int64_t n) {
  return nn_kernels_in_use()->sum_of_squares(x, n);
}

bool nn_all_finite(const float *x, int64_t n) { return nn_kernels_in_use()->all_finite(x, n); }

void nn_accumulate(float *sum, const float *addend, int64_t n) {
  nn_kernels_in_use()->add(sum, sum, addend, n);
}

void nn_softmax(const float *x, float *y, int64_t rows, int64_t columns) {
  nn_kernels_in_use()->softmax(x, y, rows, columns);
}

void nn_log_softmax(const float *x, float *y, int64_t rows, int64_t columns) {
  nn_kernels_in_use()->log_softmax(x, y, rows, columns);
}

void nn_softmax_gradient(
  const float *y, const float *dy, float *dx, int64_t rows, int64_t columns) {
  nn_kernels_in_use()->softmax_gradient(y, dy, dx, rows, columns);
}

void nn_log_softmax_gradient(
  const float *y, const float *dy, float *dx, int64_t rows, int64_t columns) {
  nn_kernels_in_use()->log_softmax_gradient(y, dy, dx, rows, columns);
}

void nn_softmax_cross_entropy(
  const float *logits, const int32_t *target, float *loss, int64_t rows, int64_t columns) {
  nn_kernels_in_use()->cross_entropy(logits, target, loss, rows, columns);
}

void nn_softmax_cross_entropy_gradient(
  const float *logits, const int32_t *target, const float *dloss, float *dlogits, int64_t rows,
  int64_t columns) {
  nn_kernels_in_use()->cross_entropy_gradient(logits, target, dloss, dlogits, rows, columns);
}

void nn_moments(const float *x, float *out, int64_t rows, int64_t channels) {
  nn_kernels_in_use()->moments(x, out, rows, channels);
}

void nn_merge_moments(float *into, const float *from, int64_t channels) {
  nn_kernels_in_use()->merge_moments(into, from, channels);
}

void nn_max_pool(const nn_pool *pool, const float *x, float *y, int32_t *argmax) {
  nn_kernels_in_use()->max_pool(pool, x, y, argmax);
}

void nn_max_pool_gradient(
  const nn_pool *pool, const float *dy, const int32_t *argmax, float *dx) {
  nn_kernels_in_use()->max_pool_gradient(pool, dy, argmax, dx);
}

void nn_avg_pool(const nn_pool *pool, const float *x, float *y, bool count_include_pad) {
  nn_kernels_in_use()->avg_pool(pool, x, y, count_include_pad);
}

void nn_avg_pool_gradient(
  const nn_pool *pool, const float *dy, float *dx, bool count_include_pad) {
  nn_kernels_in_use()->avg_pool_gradient(pool, dy, dx, count_include_pad);
}

void nn_map_axis(const nn_axis_map *map, const float *x, float *y) {
  nn_kernels_in_use()->map_axis(map, x, y);
}

void nn_max_axis(
  int64_t outer, int64_t in, int64_t out, int64_t inner, const int32_t *begin, const int32_t *end,
  const float *x, float *y, int32_t *place) {
  nn_kernels_in_use()->max_axis(outer, in, out, inner, begin, end, x, y, place);
}

void nn_transpose(const float *x, float *y, int64_t outer, int64_t a, int64_t b) {
  nn_kernels_in_use()->transpose(x, y, outer, a, b);
}

void nn_round_to_bf16(const float *x, uint16_t *y, int64_t n) {
  nn_kernels_in_use()->round_to_bf16(x, y, n);
}

void nn_attention_weights(
  const nn_attention *shape, const float *x, const float *mask, float *y) {
  nn_kernels_in_use()->attention_weights(shape, x, mask, y);
}

void nn_attention_weights_gradient(
  const nn_attention *shape, const float *y, const float *dy, float *dx) {
  nn_kernels_in_use()->attention_gradient(shape, y, dy, dx);
}

void nn_rotate_halves(
  const float *x, const float *cosines, const float *sines, float *y, int64_t outer,
  int64_t positions, int64_t heads, int64_t half) {
  nn_kernels_in_use()->rotate_halves(x, cosines, sines, y, outer, positions, heads, half);
}

void nn_row_norm_run(
  const nn_row_norm *norm, const float *x, const float *gain, const float *offset, float *y,
  float *scales) {
  nn_kernels_in_use()->row_norm(norm, x, gain, offset, y, scales);
}

int64_t nn_row_norm_scratch(const nn_row_norm *norm) {
  int64_t levels = 1;
  for (int64_t blocks = norm->rows / NN_NORM_ROWS + 1; blocks > 0; blocks /= 2) levels++;
  return levels * 2 * ((norm->columns + 15) / 16 * 16);
}

void nn_row_norm_gradient(
  const nn_row_norm *norm, const float *x, const float *gain, const float *scales,
  const float *dy, float *dx, float *dgain, float *doffset, float *scratch) {
  nn_kernels_in_use()->row_norm_gradient(
    norm, x, gain, scales, dy, dx, dgain, doffset, scratch);
}
