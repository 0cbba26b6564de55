// Convolution of images with few channels, for which a product over the channels alone is too short:
// each tile sums over whole rows of the filter, kernel_w · in_channels long, that lie side by side
// in a channels-last image.
//
// A tile is up to NN_DIRECT_ROWS neighbouring places × 32 filters (or twice as many × 16) in
// registers. Every element of y is one sum in the order of h, w, c of the filter, so that the size of
// tiles does not change its bits.
#ifndef NN_LOOPS_DIRECT_CONVOLUTION_H
#define NN_LOOPS_DIRECT_CONVOLUTION_H

#include "../kernels.h"
#include "vec.h"

#if NN_LEVEL == 2
#define NN_DIRECT_ROWS 8
#elif NN_LEVEL == 1
#define NN_DIRECT_ROWS 3
#else
#define NN_DIRECT_ROWS 2
#endif

/// A tile's operands: the image of place r and filter row v begins at x + r · x_place + v · x_line.
typedef struct nn_direct_tile {
  const float *x, *panel, *bias;  // panel: [kernel_h, kernel_w · in_channels, 32]
  float *y;                       // of the first place; places are y_place apart
  int64_t x_place, x_line, y_place, lines, length, filters;
  bool rectifies;
} nn_direct_tile;

NN_INLINE void nn_direct_product(const nn_direct_tile *t, const int places, const int vectors) {
  nn_vec sum[2 * NN_DIRECT_ROWS][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < places; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sum[r][v] = t->bias ? nn_load_some(t->bias + 16 * v, t->filters - 16 * v) : (nn_vec){0};
    }
  }
  const float *weight = t->panel;
  const int64_t x_place = t->x_place;
  for (int64_t line = 0; line < t->lines; line++) {
    const float *x = t->x + line * t->x_line;
    for (int64_t p = t->length; p > 0; p--, x++, weight += 32) {
      nn_vec w[2];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) w[v] = nn_load(weight + 16 * v);
#pragma clang loop unroll(full)
      for (int r = 0; r < places; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sum[r][v] += x[r * x_place] * w[v];
      }
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < places; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      nn_vec y = sum[r][v];
      if (t->rectifies) y = nn_select(y <= 0.0f, nn_splat(0), y);
      nn_store_some(t->y + r * t->y_place + 16 * v, y, t->filters - 16 * v);
    }
  }
}

/// A tile of any number of places; the numbers are spelt out so that sums live in registers.
static void nn_direct_product_any(const nn_direct_tile *t, int64_t places) {
#define NN_PLACES(n)                                  \
  case n:                                             \
    if (t->filters > 16) nn_direct_product(t, n, 2);  \
    else nn_direct_product(t, n, 1);                  \
    break;
#define NN_MORE_PLACES(n) \
  case n: nn_direct_product(t, n, 1); break;
  switch (places) {
    NN_PLACES(1)
    NN_PLACES(2)
#if NN_DIRECT_ROWS > 2
    NN_PLACES(3)
#else
    NN_MORE_PLACES(3)
#endif
#if NN_DIRECT_ROWS > 3
    NN_PLACES(4)
    NN_PLACES(5)
    NN_PLACES(6)
    NN_PLACES(7)
    NN_PLACES(8)
    NN_MORE_PLACES(9)
    NN_MORE_PLACES(10)
    NN_MORE_PLACES(11)
    NN_MORE_PLACES(12)
    NN_MORE_PLACES(13)
    NN_MORE_PLACES(14)
    NN_MORE_PLACES(15)
    NN_MORE_PLACES(16)
#else
    NN_MORE_PLACES(4)
#if NN_DIRECT_ROWS > 2
    NN_MORE_PLACES(5)
    NN_MORE_PLACES(6)
#endif
#endif
  default: break;
  }
#undef NN_PLACES
#undef NN_MORE_PLACES
}

/// panels[out / 32, kernel_h, kernel_w, in, 32] = weight[out, in, kernel_h, kernel_w], zero beyond.
static void nn_direct_pack(const nn_convolution_shape *s, const float *weight, float *panels) {
  const int64_t taps = s->kernel_h * s->kernel_w, depth = taps * s->in_channels;
  memset(panels, 0, sizeof(float) * (size_t)((s->out_channels + 31) / 32 * depth * 32));
  for (int64_t o = 0; o < s->out_channels; o++) {
    float *lane = panels + o / 32 * depth * 32 + o % 32;
    for (int64_t c = 0; c < s->in_channels; c++) {
      const float *filter = weight + (o * s->in_channels + c) * taps;
      for (int64_t tap = 0; tap < taps; tap++) lane[(tap * s->in_channels + c) * 32] = filter[tap];
    }
  }
}

/// One row of places of one image.
static void nn_direct_line(nn_direct_tile *tile, int64_t places) {
  const int64_t most = tile->filters > 16 ? NN_DIRECT_ROWS : 2 * NN_DIRECT_ROWS;
  // Tiles of about equal width: a last one of two places would take as long as one of eight.
  const int64_t tiles = (places + most - 1) / most;
  const float *x = tile->x;
  float *y = tile->y;
  for (int64_t i = 0, from = 0; i < tiles; i++) {
    int64_t to = places * (i + 1) / tiles;
    tile->x = x + from * tile->x_place;
    tile->y = y + from * tile->y_place;
    nn_direct_product_any(tile, to - from);
    from = to;
  }
}

/// - panels: scratch for nn_direct_pack; image: [in_h + pads, in_w + pads, in_channels], zeros around
static void nn_loop_direct_convolution(
  const nn_convolution_shape *s, const float *x, const float *weight, const float *bias, float *y,
  float *panels, float *image) {
  nn_direct_pack(s, weight, panels);
  const int64_t channels = s->in_channels, out_h = nn_convolution_out_h(s);
  const int64_t out_w = nn_convolution_out_w(s), row = s->in_w * channels;
  const int64_t padded_row = (s->in_w + s->pad_left + s->pad_right) * channels;
  const int64_t depth = s->kernel_h * s->kernel_w * channels;
  for (int64_t n = 0; n < s->batch; n++, x += s->in_h * row) {
    for (int64_t h = 0; h < s->in_h; h++) {
      memcpy(
        image + (s->pad_top + h) * padded_row + s->pad_left * channels, x + h * row,
        sizeof(float) * (size_t)row);
    }
    for (int64_t h = 0; h < out_h; h++, y += out_w * s->out_channels) {
      for (int64_t o = 0; o < s->out_channels; o += 32) {
        nn_direct_tile tile = {
          .x = image + h * s->stride_h * padded_row, .panel = panels + o * depth,
          .bias = bias ? bias + o : NULL, .y = y + o, .x_place = s->stride_w * channels,
          .x_line = s->dilation_h * padded_row, .y_place = s->out_channels, .lines = s->kernel_h,
          .length = s->kernel_w * channels, .filters = s->out_channels - o,
          .rectifies = s->activation == NN_ACTIVATION_RELU};
        nn_direct_line(&tile, out_w);
      }
    }
  }
}

#endif
