// This module's own matrix product: for products too small to be worth a call into a library, and
// for all of them where there is no library.
//
// c: [m, n] is computed in tiles of NN_TILE_ROWS × 32 kept in registers, over panels of
// b: [256, 32] that stay in cache. Panels of a transposed or ragged b are packed first. Every
// element of c is one sum in the order of k, so tile sizes do not change its bits.
#ifndef NN_LOOPS_PRODUCT_H
#define NN_LOOPS_PRODUCT_H

#include "../kernels.h"
#include "transpose.h"

#if NN_LEVEL == 2
#define NN_TILE_ROWS 8
#elif NN_LEVEL == 1
#define NN_TILE_ROWS 4
#else
#define NN_TILE_ROWS 3
#endif

/// A tile's operands: a's element (r, p) is a[r * a_row + p * a_column].
typedef struct nn_tile {
  const float *a, *b, *bias;
  float *c;
  int64_t a_row, a_column, b_row, c_row, depth, columns;
  bool is_first, rectifies;
} nn_tile;

NN_INLINE void nn_tile_product(const nn_tile *t, const int rows, const int vectors) {
  nn_vec sum[8][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[r][v] = (nn_vec){0};
  }
  const float *a = t->a, *b = t->b;
  const int64_t a_row = t->a_row, a_column = t->a_column, b_row = t->b_row;
  for (int64_t p = t->depth; p > 0; p--, a += a_column, b += b_row) {
    nn_vec line[2];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) line[v] = nn_load(b + 16 * v);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[r][v] += a[r * a_row] * line[v];
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      int64_t n = t->columns - 16 * v;
      float *c = t->c + r * t->c_row + 16 * v;
      nn_vec y = sum[r][v];
      if (!t->is_first) y += nn_load_some(c, n);
      if (t->bias) y += nn_load_some(t->bias + 16 * v, n);
      if (t->rectifies) y = nn_select(y <= 0.0f, nn_splat(0), y);
      nn_store_some(c, y, n);
    }
  }
}

/// One tile of any height; the heights are spelt out so that sums live in registers.
static void nn_tile_product_any(const nn_tile *t, int64_t rows) {
#define NN_HEIGHT(h)                               \
  case h:                                          \
    if (t->columns > 16) nn_tile_product(t, h, 2); \
    else nn_tile_product(t, h, 1);                 \
    break;
  switch (rows) {
    NN_HEIGHT(1)
    NN_HEIGHT(2)
    NN_HEIGHT(3)
#if NN_TILE_ROWS > 3
    NN_HEIGHT(4)
#endif
#if NN_TILE_ROWS > 4
    NN_HEIGHT(5)
    NN_HEIGHT(6)
    NN_HEIGHT(7)
    NN_HEIGHT(8)
#endif
  default: break;
  }
#undef NN_HEIGHT
}

/// Copies b's rows [first, first + depth) and `columns` columns from `left` into a panel of rows
/// of 32, zero beyond the columns.
static void nn_pack_panel(
  const nn_product *p, const float *b, int64_t first, int64_t depth, int64_t left,
  int64_t columns, float *panel) {
  for (int64_t v = 0; v < columns; v += NN_LANES) {
    int64_t width = columns - v < NN_LANES ? columns - v : NN_LANES;
    if (p->transpose_b) {
      for (int64_t q = 0; q < depth; q += NN_LANES) {
        nn_transpose_block(
          b + (left + v) * p->k + first + q, p->k, panel + q * NN_PANEL_COLUMNS + v,
          NN_PANEL_COLUMNS, width, depth - q, NN_LANES);
      }
    } else {
      const float *row = b + first * p->n + left + v;
      for (int64_t q = 0; q < depth; q++, row += p->n) {
        nn_store(panel + q * NN_PANEL_COLUMNS + v, nn_load_some(row, width));
      }
    }
  }
}

/// panel: scratch of [256, 32].
static void nn_one_product(
  const nn_product *p, const float *a, const float *b, const float *bias, float *c,
  float *panel) {
  nn_tile tile = {
    .a_row = p->transpose_a ? 1 : p->a_stride, .a_column = p->transpose_a ? p->a_stride : 1, .c_row = p->n};
  for (int64_t left = 0; left < p->n; left += NN_PANEL_COLUMNS) {
    int64_t columns = p->n - left < NN_PANEL_COLUMNS ? p->n - left : NN_PANEL_COLUMNS;
    // Reading b in place costs less than packing it where few rows of a use it.
    bool packs = p->transpose_b || columns % NN_LANES != 0 || p->m > 32;
    for (int64_t first = 0; first < p->k; first += NN_PANEL_DEPTH) {
      int64_t depth = p->k - first < NN_PANEL_DEPTH ? p->k - first : NN_PANEL_DEPTH;
      bool is_last = first + depth == p->k;
      if (packs) nn_pack_panel(p, b, first, depth, left, columns, panel);
      tile.b = packs ? panel : b + first * p->n + left;
      tile.b_row = packs ? NN_PANEL_COLUMNS : p->n;
      tile.bias = is_last && bias ? bias + left : NULL;
      tile.rectifies = is_last && p->rectifies;
      tile.is_first = first == 0;
      tile.depth = depth;
      tile.columns = columns;
      for (int64_t i = 0; i < p->m; i += NN_TILE_ROWS) {
        tile.a = a + i * tile.a_row + first * tile.a_column;
        tile.c = c + i * p->n + left;
        nn_tile_product_any(&tile, p->m - i < NN_TILE_ROWS ? p->m - i : NN_TILE_ROWS);
      }
    }
  }
}

static void nn_loop_product(
  const nn_product *p, const float *a, const float *b, const float *bias, float *c,
  float *panel) {
  for (int64_t i = 0; i < p->batch; i++) {
    nn_one_product(p, a, b, bias, c, panel);
    a += p->m * p->k;
    b += p->k * p->n;
    c += p->m * p->n;
  }
}

#endif
