// c = a · b + bias where b lies packed in panels of 32 columns and all operands are rounded to bf16.
//
// The processor multiplies pairs of neighbours along k and adds both products to a sum in f32, so a
// panel holds [k / 2, 32, 2], and k is even.
#ifndef NN_LOOPS_PANEL_BF16_H
#define NN_LOOPS_PANEL_BF16_H

#include "../kernels.h"
#include "bfloat16.h"
#include "transpose.h"

/// Elements of k whose part of a panel stays in the first-level cache.
#define NN_BF16_DEPTH 512

/// Packs columns [left, left + columns) of b: [k, n], stored [n, k]: pairs lie together already and
/// are moved as one word.
static void nn_pack_pairs_transposed(
  const uint16_t *b, int64_t k, int64_t left, int64_t columns, float *panel) {
  const float *pairs = (const float *)(const void *)b;
  for (int64_t v = 0; v < columns; v += NN_LANES) {
    int64_t width = columns - v < NN_LANES ? columns - v : NN_LANES;
    for (int64_t q = 0; q < k / 2; q += NN_LANES) {
      nn_transpose_block(
        pairs + (left + v) * (k / 2) + q, k / 2, panel + q * NN_PANEL_COLUMNS + v,
        NN_PANEL_COLUMNS, width, k / 2 - q, NN_LANES);
    }
  }
}

NN_INLINE nn_word nn_load_halves(const uint16_t *p, int64_t n) {
  nn_halves lanes = {0};
  if (n >= NN_LANES) lanes = *(const nn_halves_unaligned *)p;
  else memcpy(&lanes, p, sizeof(uint16_t) * (size_t)n);
  return __builtin_convertvector(lanes, nn_word);
}

/// The same of b stored [k, n]: two rows become one of pairs.
static void nn_pack_pairs(
  const uint16_t *b, int64_t k, int64_t n, int64_t left, int64_t columns, float *panel) {
  for (int64_t q = 0; q < k / 2; q++) {
    const uint16_t *row = b + 2 * q * n + left;
    for (int64_t v = 0; v < columns; v += NN_LANES) {
      nn_word pairs =
        nn_load_halves(row + v, columns - v) | nn_load_halves(row + n + v, columns - v) << 16;
      nn_store(panel + q * NN_PANEL_COLUMNS + v, (nn_vec)pairs);
    }
  }
}

void nn_pack_panels_bf16(
  const uint16_t *b, int64_t k, int64_t n, bool transposed, float *panels) {
  for (int64_t left = 0; left < n; left += NN_PANEL_COLUMNS) {
    int64_t columns = n - left < NN_PANEL_COLUMNS ? n - left : NN_PANEL_COLUMNS;
    float *panel = panels + left * (k / 2);
    if (transposed) nn_pack_pairs_transposed(b, k, left, columns, panel);
    else nn_pack_pairs(b, k, n, left, columns, panel);
  }
}

/// A tile of a product: up to eight rows and 32 columns.
typedef struct nn_bf16_tile {
  const uint16_t *a;  // rows of pairs
  const float *b;     // [depth, 32] pairs
  const float *bias;  // NULL for none
  float *c;
  int64_t a_row, c_row, depth, columns;
  bool is_first;
} nn_bf16_tile;

NN_INLINE void nn_bf16_tile_product(const nn_bf16_tile *t, const int rows, const int vectors) {
  __m512 sum[8][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[r][v] = _mm512_setzero_ps();
  }
  const uint16_t *a = t->a;
  const float *b = t->b;
  const int64_t a_row = t->a_row;
  for (int64_t p = t->depth; p > 0; p--, a += 2, b += NN_PANEL_COLUMNS) {
    __m512bh line[2];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) line[v] = (__m512bh)_mm512_loadu_ps(b + 16 * v);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      int pair;
      memcpy(&pair, a + r * a_row, sizeof pair);
      __m512bh both = (__m512bh)_mm512_set1_epi32(pair);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[r][v] = _mm512_dpbf16_ps(sum[r][v], both, line[v]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      int64_t n = t->columns - 16 * v;
      float *c = t->c + r * t->c_row + 16 * v;
      nn_vec y = (nn_vec)sum[r][v];
      if (!t->is_first) y += nn_load_some(c, n);
      if (t->bias) y += nn_load_some(t->bias + 16 * v, n);
      nn_store_some(c, y, n);
    }
  }
}

/// The heights are spelt out so that sums live in registers.
static void nn_bf16_tile_product_any(const nn_bf16_tile *t, int64_t rows) {
#define NN_HEIGHT(h)                                    \
  case h:                                               \
    if (t->columns > 16) nn_bf16_tile_product(t, h, 2); \
    else nn_bf16_tile_product(t, h, 1);                 \
    break;
  switch (rows) {
    NN_HEIGHT(1)
    NN_HEIGHT(2)
    NN_HEIGHT(3)
    NN_HEIGHT(4)
    NN_HEIGHT(5)
    NN_HEIGHT(6)
    NN_HEIGHT(7)
    NN_HEIGHT(8)
  default: break;
  }
#undef NN_HEIGHT
}

void nn_panel_product_bf16(
  const float *a, uint16_t *rounded, const float *panels, const float *bias, float *c,
  int64_t rows, int64_t k, int64_t n) {
  const int64_t a_row = k + 2 * NN_LANES;
  for (int64_t r = 0; r < rows; r++) {
    const float *row = a + r * (k + NN_LANES);
    for (int64_t i = 0; i < k; i += NN_LANES) {
      // Rows have room behind their end.
      *(nn_halves_unaligned *)(rounded + r * a_row + i) = nn_round_bf16(nn_load_some(row + i, k - i));
    }
  }
  nn_bf16_tile tile = {.a_row = a_row, .c_row = n + NN_LANES};
  for (int64_t left = 0; left < n; left += NN_PANEL_COLUMNS) {
    tile.columns = n - left < NN_PANEL_COLUMNS ? n - left : NN_PANEL_COLUMNS;
    for (int64_t first = 0; first < k; first += NN_BF16_DEPTH) {
      int64_t depth = k - first < NN_BF16_DEPTH ? k - first : NN_BF16_DEPTH;
      tile.depth = depth / 2;
      tile.b = panels + (left * k + first * NN_PANEL_COLUMNS) / 2;
      tile.bias = first + depth == k && bias ? bias + left : NULL;
      tile.is_first = first == 0;
      for (int64_t i = 0; i < rows; i += 8) {
        tile.a = rounded + i * a_row + first;
        tile.c = c + i * tile.c_row + left;
        nn_bf16_tile_product_any(&tile, rows - i < 8 ? rows - i : 8);
      }
    }
  }
}

#endif
