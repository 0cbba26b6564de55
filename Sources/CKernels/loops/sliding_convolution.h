// Convolution with filters three wide that move place by place, and its gradient for the image, which
// is such a convolution with the filters turned around.
//
// A tile is a run of neighbouring places × 16 filters (or half as many × 32) in registers. Each number
// of the image is read once for the three places that see it, so that the multiplications wait for
// nothing. Every element of y is one sum in the order of h, c, w of the filter, so that the size of
// tiles does not change its bits.
#ifndef NN_LOOPS_SLIDING_CONVOLUTION_H
#define NN_LOOPS_SLIDING_CONVOLUTION_H

#include "../kernels.h"
#include "transpose.h"
#include "vec.h"

// For AVX-512 alone: thirty-two registers hold a tile that is worth it.
#define NN_SLIDING_PLACES 16

/// A tile's operands. A line of the image has its padding; filter row v lies on lines[v], or on
/// nothing where that is NULL.
typedef struct nn_sliding_tile {
  const float *const *lines;
  int64_t line_offset;           // of the tile's first place
  int64_t channels, filter_rows;
  const float *panel, *bias;     // panel: [channels, filter_rows, 3, 16] for each vector of filters
  int64_t panel_stride;          // from a vector's panel to the next one's
  int64_t row_step, tap_step;    // between filter rows and taps in a panel, negative if turned around
  float *y;
  int64_t y_place;
  bool rectifies;
} nn_sliding_tile;

NN_INLINE void nn_sliding_product(const nn_sliding_tile *t, const int places, const int vectors) {
  nn_vec sum[NN_SLIDING_PLACES][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < places; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sum[r][v] = t->bias ? nn_load(t->bias + 16 * v) : (nn_vec){0};
    }
  }
  const int64_t channels = t->channels, depth = t->filter_rows * 48, tap_step = t->tap_step;
  for (int64_t row = 0; row < t->filter_rows; row++) {
    if (!t->lines[row]) continue;
    const float *x = t->lines[row] + t->line_offset;
    const float *weight = t->panel + row * t->row_step;
    for (int64_t c = 0; c < channels; c++, x++, weight += depth) {
      nn_vec w[3][2];
#pragma clang loop unroll(full)
      for (int tap = 0; tap < 3; tap++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
          w[tap][v] = nn_load(weight + v * t->panel_stride + tap * tap_step);
        }
      }
#pragma clang loop unroll(full)
      for (int p = 0; p < places + 2; p++) {
        const nn_vec number = nn_splat(x[p * channels]);
#pragma clang loop unroll(full)
        for (int tap = 0; tap < 3; tap++) {
          if (p < tap || p - tap >= places) continue;
#pragma clang loop unroll(full)
          for (int v = 0; v < vectors; v++) sum[p - tap][v] += number * w[tap][v];
        }
      }
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < places; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      nn_vec y = sum[r][v];
      if (t->rectifies) y = nn_select(y <= 0.0f, nn_splat(0), y);
      nn_store(t->y + r * t->y_place + 16 * v, y);
    }
  }
}

/// A tile of any number of places; the numbers are spelt out so that sums live in registers.
static void nn_sliding_product_any(const nn_sliding_tile *t, int64_t places, int64_t vectors) {
#define NN_NARROW(n) \
  case n: nn_sliding_product(t, n, 1); break;
#define NN_BOTH(n)                                  \
  case n:                                           \
    if (vectors == 2) nn_sliding_product(t, n, 2);  \
    else nn_sliding_product(t, n, 1);               \
    break;
  switch (places) {
    NN_BOTH(1)
    NN_BOTH(2)
    NN_BOTH(3)
    NN_BOTH(4)
    NN_BOTH(5)
    NN_BOTH(6)
    NN_BOTH(7)
    NN_BOTH(8)
    NN_NARROW(9)
    NN_NARROW(10)
    NN_NARROW(11)
    NN_NARROW(12)
    NN_NARROW(13)
    NN_NARROW(14)
    NN_NARROW(15)
    NN_NARROW(16)
  default: break;
  }
#undef NN_NARROW
#undef NN_BOTH
}

/// What a convolution of either direction goes through: `in` is the image that is read.
typedef struct nn_sliding_walk {
  int64_t batch, in_h, in_w, in_channels, out_h, out_w, out_channels, filter_rows;
  int64_t pad_top, pad_left;
  bool is_turned;
} nn_sliding_walk;

static nn_sliding_walk nn_sliding_walk_of(const nn_convolution_shape *s, bool is_gradient) {
  const int64_t out_h = nn_convolution_out_h(s), out_w = nn_convolution_out_w(s);
  return is_gradient
    ? (nn_sliding_walk){
        s->batch, out_h, out_w, s->out_channels, s->in_h, s->in_w, s->in_channels, s->kernel_h,
        s->kernel_h - 1 - s->pad_top, 2 - s->pad_left, true}
    : (nn_sliding_walk){
        s->batch, s->in_h, s->in_w, s->in_channels, out_h, out_w, s->out_channels, s->kernel_h,
        s->pad_top, s->pad_left, false};
}

/// panels[filters / 16, channels, kernel_h, 3, 16] of weight[out, in, kernel_h, 3].
static void nn_sliding_pack(const nn_sliding_walk *w, const float *weight, float *panels) {
  const int64_t taps = w->filter_rows * 3, depth = w->in_channels * taps;
  for (int64_t o = 0; o < w->out_channels; o += 16, panels += depth * 16) {
    if (!w->is_turned) {
      nn_loop_transpose(weight + o * depth, panels, 1, 16, depth);
      continue;
    }
    for (int64_t c = 0; c < w->in_channels; c++) {
      nn_loop_transpose(
        weight + (c * w->out_channels + o) * taps, panels + c * taps * 16, 1, 16, taps);
    }
  }
}

/// One row of places of one image.
static void nn_sliding_line(nn_sliding_tile *tile, const nn_sliding_walk *w, float *y) {
  const int64_t depth = w->in_channels * w->filter_rows * 48;
  // Where a run of places is short, twice as many filters keep the registers as busy.
  const bool is_short = w->out_w <= NN_SLIDING_PLACES / 2 && w->out_channels % 32 == 0;
  const int64_t vectors = is_short ? 2 : 1;
  const int64_t tiles = (w->out_w + NN_SLIDING_PLACES - 1) / NN_SLIDING_PLACES;
  const float *panels = tile->panel, *bias = tile->bias;
  for (int64_t o = 0; o < w->out_channels; o += 16 * vectors) {
    tile->bias = bias ? bias + o : NULL;
    tile->panel = panels + o / 16 * depth;
    for (int64_t i = 0, from = 0; i < tiles; i++) {
      int64_t to = w->out_w * (i + 1) / tiles;
      tile->line_offset = from * w->in_channels;
      tile->y = y + from * w->out_channels + o;
      nn_sliding_product_any(tile, to - from, vectors);
      from = to;
    }
  }
  tile->panel = panels;
  tile->bias = bias;
}

/// - panels: scratch for nn_sliding_pack.
/// - ring: scratch, [kernel_h, (out_w + 2) · channels of what is read]: the lines of the image that
///   filters lie on, each with its padding.
static void nn_loop_sliding_convolution(
  const nn_convolution_shape *s, bool is_gradient, const float *x, const float *weight,
  const float *bias, float *y, float *panels, float *ring) {
  const nn_sliding_walk w = nn_sliding_walk_of(s, is_gradient);
  nn_sliding_pack(&w, weight, panels);
  const int64_t rows = w.filter_rows, channels = w.in_channels, length = w.in_w * channels;
  const int64_t padded = (w.out_w + 2) * channels, before = w.pad_left * channels;
  memset(ring, 0, sizeof(float) * (size_t)(rows * padded));
  const float *lines[NN_SLIDING_ROWS];
  nn_sliding_tile tile = {
    .lines = lines, .channels = channels, .filter_rows = rows, .bias = bias,
    .panel = panels + (w.is_turned ? (rows * 3 - 1) * 16 : 0),
    .panel_stride = channels * rows * 48, .row_step = w.is_turned ? -48 : 48,
    .tap_step = w.is_turned ? -16 : 16, .y_place = w.out_channels,
    .rectifies = !is_gradient && s->activation == NN_ACTIVATION_RELU};
  for (int64_t n = 0; n < w.batch; n++, x += w.in_h * length) {
    int64_t next = 0;  // the first line that is not in the ring yet
    for (int64_t h = 0; h < w.out_h; h++, y += w.out_w * w.out_channels) {
      for (int64_t row = 0; row < rows; row++) {
        const int64_t line = h + row - w.pad_top;
        lines[row] = line < 0 || line >= w.in_h ? NULL : ring + line % rows * padded;
        if (!lines[row] || line < next) continue;
        memcpy(
          ring + line % rows * padded + before, x + line * length, sizeof(float) * (size_t)length);
        next = line + 1;
      }
      // The next line is copied when this one is done; until then it comes from wherever it is.
      for (int64_t at = 0; next < w.in_h && at < length; at += 16) {
        __builtin_prefetch(x + next * length + at);
      }
      nn_sliding_line(&tile, &w, y);
    }
  }
}

#endif
