// Copies that no instruction set makes faster than the C library does.
#include <string.h>

#include "kernels.h"

void nn_pick(const float *x, const int32_t *index, float *y, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) y[r] = x[r * columns + index[r]];
}

void nn_place(const float *value, const int32_t *index, float *y, int64_t rows, int64_t columns) {
  nn_fill(y, 0, rows * columns);
  for (int64_t r = 0; r < rows; r++) y[r * columns + index[r]] = value[r];
}

void nn_gather_rows(
  const float *table, const int64_t *index, float *out, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    memcpy(out + r * columns, table + index[r] * columns, sizeof(float) * (size_t)columns);
  }
}

void nn_copy_strided(
  const float *x, float *y, int64_t outer, int64_t x_stride, int64_t y_stride, int64_t run) {
  if (run == x_stride && run == y_stride) {
    memcpy(y, x, sizeof(float) * (size_t)(outer * run));
    return;
  }
  if (run < 8) {
    // Shorter than a call to memcpy takes.
    for (int64_t o = 0; o < outer; o++, x += x_stride, y += y_stride) {
      for (int64_t i = 0; i < run; i++) y[i] = x[i];
    }
    return;
  }
  for (int64_t o = 0; o < outer; o++, x += x_stride, y += y_stride) {
    memcpy(y, x, sizeof(float) * (size_t)run);
  }
}

void nn_fill(float *y, float value, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = value;
}
