// Copies that no instruction set makes faster than the C library does.
#include <string.h>

#include "kernels.h"

void nn_pick(const float *x, const int32_t *index, float *y, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) y[r] = index[r] < 0 ? 0 : x[r * columns + index[r]];
}

void nn_place(const float *value, const int32_t *index, float *y, int64_t rows, int64_t columns) {
  nn_fill(y, 0, rows * columns);
  for (int64_t r = 0; r < rows; r++) {
    if (index[r] >= 0) y[r * columns + index[r]] = value[r];
  }
}

void nn_gather_rows(
  const float *table, const int32_t *index, float *out, int64_t rows, int64_t columns,
  int64_t table_rows) {
  for (int64_t r = 0; r < rows; r++, out += columns) {
    if (index[r] < 0 || index[r] >= table_rows) {
      nn_fill(out, 0, columns);
    } else {
      memcpy(out, table + index[r] * columns, sizeof(float) * (size_t)columns);
    }
  }
}

void nn_scatter_add_rows(
  const float *x, const int32_t *index, const float *onto, float *table, int64_t rows,
  int64_t columns, int64_t table_rows, int64_t skipped) {
  const nn_kernels *kernels = nn_kernels_in_use();
  size_t bytes = sizeof(float) * (size_t)(table_rows * columns);
  if (!onto) nn_fill(table, 0, table_rows * columns);
  else if (onto != table) memcpy(table, onto, bytes);
  for (int64_t r = 0; r < rows; r++, x += columns) {
    if (index[r] < 0 || index[r] >= table_rows || index[r] == skipped) continue;
    float *row = table + index[r] * columns;
    kernels->add(row, row, x, columns);
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

void nn_max_axis_gradient(
  int64_t outer, int64_t in, int64_t out, int64_t inner, const float *dy, const int32_t *place,
  float *dx) {
  nn_fill(dx, 0, outer * in * inner);
  for (int64_t o = 0; o < outer; o++, dx += in * inner) {
    for (int64_t row = 0; row < out; row++, dy += inner, place += inner) {
      for (int64_t i = 0; i < inner; i++) dx[place[i] * inner + i] += dy[i];
    }
  }
}

void nn_fill(float *y, float value, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = value;
}
