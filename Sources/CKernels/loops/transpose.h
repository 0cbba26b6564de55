// Transposition in blocks of 16 × 16 that fit the registers.
#ifndef NN_LOOPS_TRANSPOSE_H
#define NN_LOOPS_TRANSPOSE_H

#include "vec.h"

NN_INLINE nn_vec nn_shuffle_low(nn_vec a, nn_vec b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

NN_INLINE nn_vec nn_shuffle_high(nn_vec a, nn_vec b) {
  return __builtin_shufflevector(
    a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/// Transposes 16 rows of 16. Interleaving row i with row i + 8 is a perfect shuffle, which turns
/// the bits of an element's place round by one; four of them exchange row and column.
NN_INLINE void nn_transpose_16(nn_vec rows[16]) {
  nn_vec other[16];
#pragma clang loop unroll(full)
  for (int turn = 0; turn < 2; turn++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
      other[2 * i] = nn_shuffle_low(rows[i], rows[i + 8]);
      other[2 * i + 1] = nn_shuffle_high(rows[i], rows[i + 8]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
      rows[2 * i] = nn_shuffle_low(other[i], other[i + 8]);
      rows[2 * i + 1] = nn_shuffle_high(other[i], other[i + 8]);
    }
  }
}

/// y[j, i] = x[i, j] for i < rows and j < columns, both at most 16; lanes of y up to `width` are
/// written, zero beyond rows.
static void nn_transpose_block(
  const float *x, int64_t x_stride, float *y, int64_t y_stride, int64_t rows, int64_t columns,
  int64_t width) {
  nn_vec block[16];
  if (rows >= NN_LANES && columns >= NN_LANES) {
    // Whole blocks are most of the work; without conditions they stay in registers.
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) block[i] = nn_load(x + i * x_stride);
    nn_transpose_16(block);
#pragma clang loop unroll(full)
    for (int j = 0; j < 16; j++) nn_store(y + j * y_stride, block[j]);
    return;
  }
  for (int i = 0; i < 16; i++) {
    block[i] = i < rows ? nn_load_some(x + i * x_stride, columns) : (nn_vec){0};
  }
  nn_transpose_16(block);
  for (int j = 0; j < 16 && j < columns; j++) nn_store_some(y + j * y_stride, block[j], width);
}

static void nn_loop_transpose(
  const float *x, float *y, int64_t outer, int64_t a, int64_t b) {
  if (a == 1 || b == 1) {
    memcpy(y, x, sizeof(float) * (size_t)(outer * a * b));
    return;
  }
  for (int64_t o = 0; o < outer; o++, x += a * b, y += a * b) {
    for (int64_t i = 0; i < a; i += NN_LANES) {
      for (int64_t j = 0; j < b; j += NN_LANES) {
        nn_transpose_block(x + i * b + j, b, y + j * a + i, a, a - i, b - j, a - i);
      }
    }
  }
}

#endif
