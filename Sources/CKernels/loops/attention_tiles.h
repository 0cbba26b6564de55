// Attention of several heads in one pass over blocks of queries, so that only a block's scores are
// ever in memory, and the way back, which computes them once more; after Dao et al.,
// "FlashAttention" (2022). A block holds whole rows of scores, so that softmax is the plain one.
//
// A head's features lie within rows of all heads, as projections leave them. Keys and values are
// packed into panels that the heads sharing them read many times; blocks of queries and gradients
// are copied to dense rows sixteen elements further apart than they are long, lest those of 4096
// bytes fall into the same sets of the cache.
//
// Sizes: m queries, n keys, d features of a head, r rows of a block.
#ifndef NN_LOOPS_ATTENTION_TILES_H
#define NN_LOOPS_ATTENTION_TILES_H

#include "../kernels.h"
#include "exponential.h"
#include "product.h"

/// A block of queries of one head: its rows, and how many keys its last row sees.
typedef struct nn_block {
  int64_t first, rows, extent;
} nn_block;

/// How many keys a query sees.
NN_INLINE int64_t nn_visible(const nn_heads_shape *shape, int64_t query) {
  return shape->is_causal ? query + 1 : shape->keys;
}

NN_INLINE nn_block nn_block_from(const nn_heads_shape *shape, int64_t first) {
  int64_t left = shape->queries - first;
  int64_t rows = left < NN_HEADS_ROWS ? left : NN_HEADS_ROWS;
  return (nn_block){first, rows, nn_visible(shape, first + rows - 1)};
}

/// Packs x: [n, d], its rows `stride` apart, as xᵀ into panels [n / 32, d, 32].
static void nn_pack_across(
  const float *x, int64_t stride, int64_t n, int64_t d, float *panels) {
  nn_product product = {.k = stride, .transpose_b = true};
  for (int64_t left = 0; left < n; left += NN_PANEL_COLUMNS) {
    int64_t columns = n - left < NN_PANEL_COLUMNS ? n - left : NN_PANEL_COLUMNS;
    nn_pack_panel(&product, x, 0, d, left, columns, panels + left * d);
  }
}

/// Packs x: [n, d], its rows `stride` apart, into panels [d / 32, n, 32].
static void nn_pack_along(const float *x, int64_t stride, int64_t n, int64_t d, float *panels) {
  nn_product product = {.n = stride};
  for (int64_t left = 0; left < d; left += NN_PANEL_COLUMNS) {
    int64_t columns = d - left < NN_PANEL_COLUMNS ? d - left : NN_PANEL_COLUMNS;
    nn_pack_panel(&product, x, 0, n, left, columns, panels + left * n);
  }
}

/// y = scale · x over rows of d elements, `x_stride` and `y_stride` apart; y is filled up with zeros
/// to whole vectors.
static void nn_take_rows(
  const float *x, int64_t x_stride, float *y, int64_t y_stride, int64_t rows, int64_t d,
  float scale) {
  for (int64_t r = 0; r < rows; r++, x += x_stride, y += y_stride) {
    for (int64_t i = 0; i < d; i += NN_LANES) nn_store(y + i, nn_load_some(x + i, d - i) * scale);
  }
}

/// y[r] = x[r] · scale[r], or · 1 where scale is NULL; as nn_take_rows, but y has no room for more
/// than d elements.
static void nn_give_rows(
  const float *x, int64_t x_stride, float *y, int64_t y_stride, int64_t rows, int64_t d,
  float scale, const float *scales) {
  for (int64_t r = 0; r < rows; r++, x += x_stride, y += y_stride) {
    float factor = scales ? scales[r] : scale;
    for (int64_t i = 0; i < d; i += NN_LANES) nn_store_some(y + i, nn_load(x + i) * factor, d - i);
  }
}

/// c = a · b as far as rows see; a: rows of d features; panels: bᵀ: [n, d] packed across;
/// c: rows of scores.
static void nn_block_scores(
  const nn_heads *heads, const nn_block *block, const float *a, const float *panels, float *c) {
  const nn_heads_shape *shape = &heads->shape;
  const int64_t d = shape->width;
  nn_tile tile = {
    .a_row = heads->pitch, .a_column = 1, .b_row = NN_PANEL_COLUMNS, .c_row = heads->reach};
  for (int64_t left = 0; left < block->extent; left += NN_PANEL_COLUMNS) {
    for (int64_t from = 0; from < d; from += NN_PANEL_DEPTH) {
      tile.b = panels + left * d + from * NN_PANEL_COLUMNS;
      tile.depth = d - from < NN_PANEL_DEPTH ? d - from : NN_PANEL_DEPTH;
      tile.is_first = from == 0;
      for (int64_t i = 0; i < block->rows; i += NN_TILE_ROWS) {
        int64_t rows = block->rows - i < NN_TILE_ROWS ? block->rows - i : NN_TILE_ROWS;
        int64_t columns = nn_visible(shape, block->first + i + rows - 1) - left;
        if (columns <= 0) continue;
        // Rows of scores have room for whole vectors, and panels are zero beyond the last key.
        tile.columns = columns > NN_LANES ? NN_PANEL_COLUMNS : NN_LANES;
        tile.a = a + i * tile.a_row + from;
        tile.c = c + i * tile.c_row + left;
        nn_tile_product_any(&tile, rows);
      }
    }
  }
}

/// c = a · b as far as rows see; a: rows of weights; panels: b: [n, d] packed along; c: rows of d
/// features.
static void nn_block_mix(
  const nn_heads *heads, const nn_block *block, const float *a, const float *panels, float *c) {
  const nn_heads_shape *shape = &heads->shape;
  nn_tile tile = {
    .a_row = heads->reach, .a_column = 1, .b_row = NN_PANEL_COLUMNS, .c_row = heads->pitch};
  for (int64_t left = 0; left < shape->width; left += NN_PANEL_COLUMNS) {
    tile.columns = shape->width - left > NN_LANES ? NN_PANEL_COLUMNS : NN_LANES;
    for (int64_t from = 0; from < block->extent; from += NN_PANEL_DEPTH) {
      tile.b = panels + left * shape->keys + from * NN_PANEL_COLUMNS;
      tile.is_first = from == 0;
      for (int64_t i = 0; i < block->rows; i += NN_TILE_ROWS) {
        int64_t rows = block->rows - i < NN_TILE_ROWS ? block->rows - i : NN_TILE_ROWS;
        int64_t depth = nn_visible(shape, block->first + i + rows - 1) - from;
        if (depth <= 0) continue;
        tile.depth = depth < NN_PANEL_DEPTH ? depth : NN_PANEL_DEPTH;
        tile.a = a + i * tile.a_row + from;
        tile.c = c + i * tile.c_row + left;
        nn_tile_product_any(&tile, rows);
      }
    }
  }
}

/// c += aᵀ · b; a: rows of weights; b: rows of d features; c: [n, d].
static void nn_block_collect(
  const nn_heads *heads, const nn_block *block, const float *a, const float *b, float *c) {
  const nn_heads_shape *shape = &heads->shape;
  nn_tile tile = {
    .a_row = 1, .a_column = heads->reach, .b_row = heads->pitch, .c_row = heads->pitch};
  for (int64_t left = 0; left < shape->width; left += NN_PANEL_COLUMNS) {
    tile.columns = shape->width - left > NN_LANES ? NN_PANEL_COLUMNS : NN_LANES;
    for (int64_t j = 0; j < block->extent; j += NN_TILE_ROWS) {
      int64_t columns = block->extent - j < NN_TILE_ROWS ? block->extent - j : NN_TILE_ROWS;
      // Queries before the key do not see it.
      int64_t from = shape->is_causal && j > block->first ? j - block->first : 0;
      tile.depth = block->rows - from;
      tile.a = a + from * tile.a_column + j;
      tile.b = b + from * tile.b_row + left;
      tile.c = c + j * tile.c_row + left;
      nn_tile_product_any(&tile, columns);
    }
  }
}

/// What softmax takes of a row's scores.
typedef struct nn_row_scale {
  float largest, inverse;  // the largest score, and one over the sum; both 0 if it sees nothing
} nn_row_scale;

/// The scores from i on; minus infinity for those that the mask or the row's end hides.
NN_INLINE nn_vec nn_score(
  const float *scores, const float *mask, const bool has_mask, int64_t i, int64_t visible) {
  const nn_vec hidden = nn_splat(-__builtin_inff());
  nn_vec v = nn_load(scores + i);
  if (has_mask) v = nn_select(nn_load_some(mask + i, visible - i) != 0.0f, v, hidden);
  if (visible - i >= NN_LANES) return v;
  return nn_select(nn_iota() < nn_splat_int((int32_t)(visible - i)), v, hidden);
}

/// Zeros from the last whole vector that holds something visible to the block's end.
NN_INLINE void nn_hide(float *row, int64_t visible, int64_t extent) {
  for (int64_t i = (visible + 15) / 16 * 16; i < extent; i += NN_LANES) {
    nn_store(row + i, (nn_vec){0});
  }
}

/// Replaces a row's scores by exp(score - largest).
NN_INLINE nn_row_scale nn_weigh_row(
  float *scores, const float *mask, const bool has_mask, int64_t visible, int64_t extent) {
  const int64_t whole = visible / NN_LANES * NN_LANES;
  // NaN is not found here, but the sum then is one.
  nn_vec best = nn_splat(-__builtin_inff());
  for (int64_t i = 0; i < whole; i += NN_LANES) {
    nn_vec v = nn_score(scores, mask, has_mask, i, i + NN_LANES);
    best = nn_select(v > best, v, best);
  }
  if (whole < visible) {
    nn_vec v = nn_score(scores, mask, has_mask, whole, visible);
    best = nn_select(v > best, v, best);
  }
  float largest = nn_fold_larger(best);
  if (largest == -__builtin_inff()) {
    bool is_hidden = true;
    for (int64_t i = 0; i < visible; i++) {
      if (scores[i] != scores[i] && (!has_mask || mask[i] != 0)) is_hidden = false;
    }
    if (is_hidden) {
      nn_hide(scores, 0, extent);
      return (nn_row_scale){0, 0};
    }
  }
  nn_vec total = {0};
  for (int64_t block = 0; block < whole; block += 512) {
    int64_t end = whole - block < 512 ? whole : block + 512;
    nn_vec sum = {0};
    for (int64_t i = block; i < end; i += NN_LANES) {
      nn_vec e = nn_exp_below(nn_score(scores, mask, has_mask, i, i + NN_LANES) - largest);
      nn_store(scores + i, e);
      sum += e;
    }
    total += sum;
  }
  if (whole < visible) {
    nn_vec e = nn_exp_below(nn_score(scores, mask, has_mask, whole, visible) - largest);
    nn_store(scores + whole, e);
    total += e;
  }
  nn_hide(scores, visible, extent);
  return (nn_row_scale){largest, 1.0f / nn_fold(total)};
}

/// Turns a row's scores into its weights, and the weights' gradients into those of the scores.
NN_INLINE void nn_return_row(
  float *scores, float *slopes, const float *mask, const bool has_mask, int64_t visible,
  int64_t extent, nn_row_scale row, float dot) {
  if (row.inverse == 0) {
    nn_hide(scores, 0, extent);
    nn_hide(slopes, 0, extent);
    return;
  }
  const int64_t whole = visible / NN_LANES * NN_LANES;
  for (int64_t i = 0; i < whole; i += NN_LANES) {
    nn_vec score = nn_score(scores, mask, has_mask, i, i + NN_LANES);
    nn_vec p = nn_exp_below(score - row.largest) * row.inverse;
    nn_store(slopes + i, p * (nn_load(slopes + i) - dot));
    nn_store(scores + i, p);
  }
  if (whole < visible) {
    nn_vec score = nn_score(scores, mask, has_mask, whole, visible);
    nn_vec p = nn_exp_below(score - row.largest) * row.inverse;
    nn_int seen = nn_iota() < nn_splat_int((int32_t)(visible - whole));
    nn_vec ds = p * (nn_load(slopes + whole) - dot);
    nn_store(slopes + whole, nn_select(seen, ds, nn_splat(0)));
    nn_store(scores + whole, p);
  }
  nn_hide(scores, visible, extent);
  nn_hide(slopes, visible, extent);
}

/// Σ a · b over rows of d elements, filled up with zeros to whole vectors.
NN_INLINE float nn_row_dot(const float *a, const float *b, int64_t d) {
  nn_vec sum = {0};
  for (int64_t i = 0; i < d; i += NN_LANES) sum += nn_load(a + i) * nn_load_some(b + i, d - i);
  return nn_fold(sum);
}

static void nn_loop_attend(
  const nn_heads *heads, const float *q, const float *k, const float *v, const float *mask,
  float *y, float *scales) {
  const nn_heads_shape *shape = &heads->shape;
  const int64_t m = shape->queries, n = shape->keys, d = shape->width;
  const int64_t row = shape->heads * d, shared_row = shape->key_heads * d;
  const int64_t groups = shape->heads / shape->key_heads;
  for (int64_t s = 0; s < shape->samples; s++, k += n * shared_row, v += n * shared_row) {
    const float *seen = mask ? mask + s * n : NULL;
    for (int64_t h = 0; h < shape->heads; h++) {
      if (h % groups == 0) {
        nn_pack_across(k + h / groups * d, shared_row, n, d, heads->keys_across);
        nn_pack_along(v + h / groups * d, shared_row, n, d, heads->values);
      }
      float *largest = scales + (s * shape->heads + h) * 2 * m, *inverse = largest + m;
      for (int64_t first = 0; first < m; first += NN_HEADS_ROWS) {
        nn_block block = nn_block_from(shape, first);
        int64_t place = (s * m + first) * row + h * d;
        nn_take_rows(q + place, row, heads->query, heads->pitch, block.rows, d, shape->scale);
        nn_block_scores(heads, &block, heads->query, heads->keys_across, heads->weights);
        for (int64_t r = 0; r < block.rows; r++) {
          float *scores = heads->weights + r * heads->reach;
          int64_t visible = nn_visible(shape, first + r);
          nn_row_scale scale = seen
            ? nn_weigh_row(scores, seen, true, visible, block.extent)
            : nn_weigh_row(scores, NULL, false, visible, block.extent);
          largest[first + r] = scale.largest;
          inverse[first + r] = scale.inverse;
        }
        nn_block_mix(heads, &block, heads->weights, heads->values, heads->mixed);
        nn_give_rows(
          heads->mixed, heads->pitch, y + place, row, block.rows, d, 1, inverse + first);
      }
    }
  }
}

static void nn_loop_attend_gradient(
  const nn_heads *heads, const float *q, const float *k, const float *v, const float *mask,
  const float *y, const float *scales, const float *dy, float *dq, float *dk, float *dv) {
  const nn_heads_shape *shape = &heads->shape;
  const int64_t m = shape->queries, n = shape->keys, d = shape->width, pitch = heads->pitch;
  const int64_t row = shape->heads * d, shared_row = shape->key_heads * d;
  const int64_t groups = shape->heads / shape->key_heads;
  for (int64_t s = 0; s < shape->samples; s++) {
    const float *seen = mask ? mask + s * n : NULL;
    for (int64_t h = 0; h < shape->heads; h++) {
      int64_t shared = s * n * shared_row + h / groups * d;
      if (h % groups == 0) {
        nn_pack_across(k + shared, shared_row, n, d, heads->keys_across);
        nn_pack_across(v + shared, shared_row, n, d, heads->values_across);
        nn_pack_along(k + shared, shared_row, n, d, heads->keys);
        memset(heads->dkeys, 0, sizeof(float) * (size_t)(n * pitch));
        memset(heads->dvalues, 0, sizeof(float) * (size_t)(n * pitch));
      }
      const float *largest = scales + (s * shape->heads + h) * 2 * m, *inverse = largest + m;
      for (int64_t first = 0; first < m; first += NN_HEADS_ROWS) {
        nn_block block = nn_block_from(shape, first);
        int64_t place = (s * m + first) * row + h * d;
        nn_take_rows(q + place, row, heads->query, pitch, block.rows, d, shape->scale);
        nn_take_rows(dy + place, row, heads->mixed, pitch, block.rows, d, 1);
        nn_block_scores(heads, &block, heads->query, heads->keys_across, heads->weights);
        nn_block_scores(heads, &block, heads->mixed, heads->values_across, heads->slopes);
        for (int64_t r = 0; r < block.rows; r++) {
          float *scores = heads->weights + r * heads->reach;
          float *slopes = heads->slopes + r * heads->reach;
          nn_row_scale scale = {largest[first + r], inverse[first + r]};
          // Σ p · dp over the keys is Σ y · dy over the features.
          float dot = nn_row_dot(heads->mixed + r * pitch, y + place + r * row, d);
          int64_t visible = nn_visible(shape, first + r);
          if (seen) nn_return_row(scores, slopes, seen, true, visible, block.extent, scale, dot);
          else nn_return_row(scores, slopes, NULL, false, visible, block.extent, scale, dot);
        }
        nn_block_collect(heads, &block, heads->weights, heads->mixed, heads->dvalues);
        nn_block_collect(heads, &block, heads->slopes, heads->query, heads->dkeys);
        nn_block_mix(heads, &block, heads->slopes, heads->keys, heads->query);
        nn_give_rows(heads->query, pitch, dq + place, row, block.rows, d, shape->scale, NULL);
      }
      if (h % groups == groups - 1) {
        nn_give_rows(heads->dkeys, pitch, dk + shared, shared_row, n, d, 1, NULL);
        nn_give_rows(heads->dvalues, pitch, dv + shared, shared_row, n, d, 1, NULL);
      }
    }
  }
}

#endif
