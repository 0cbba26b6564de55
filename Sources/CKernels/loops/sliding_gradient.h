// The gradient of filters three wide that move place by place.
//
// A tile is the gradients of one filter row for 16 filters and up to 8 channels in registers; the
// image and dy are walked along together, each number of the image being read once for the three
// taps that see it. Every element is one sum in the order of samples, lines and places.
#ifndef NN_LOOPS_SLIDING_GRADIENT_H
#define NN_LOOPS_SLIDING_GRADIENT_H

#include "../kernels.h"
#include "transpose.h"
#include "vec.h"

// For AVX-512 alone, whose registers hold such a tile.
#define NN_SLIDING_CHANNELS 8

/// A tile's operands; lines are those of a line of dy with the line of x that the filter row sees.
typedef struct nn_sliding_sums {
  const float *x, *dy;
  float *sums;  // [channels of the tile, 3, 16], channels are sum_step apart; added to
  int64_t sum_step, x_place, dy_place, x_line, dy_line, lines, in_w, out_w, pad_left;
} nn_sliding_sums;

NN_INLINE void nn_sliding_tile_sums(const nn_sliding_sums *t) {
  nn_vec sum[NN_SLIDING_CHANNELS][3];
#pragma clang loop unroll(full)
  for (int c = 0; c < NN_SLIDING_CHANNELS; c++) {
#pragma clang loop unroll(full)
    for (int tap = 0; tap < 3; tap++) sum[c][tap] = nn_load(t->sums + c * t->sum_step + tap * 16);
  }
  // Place p of the image is seen by tap k of place p + pad_left - k.
  const int64_t pad = t->pad_left, places = t->out_w - pad < t->in_w ? t->out_w - pad : t->in_w;
  for (int64_t line = 0; line < t->lines; line++) {
    const float *x = t->x + line * t->x_line, *dy = t->dy + line * t->dy_line;
    nn_vec first = {0}, second = pad >= 2 ? nn_load(dy) : (nn_vec){0}, third;
    if (pad >= 1) first = nn_load(dy + (pad - 1) * t->dy_place);
    dy += pad * t->dy_place;
    int64_t p = 0;
#define NN_STEP(entering)                                            \
  third = second, second = first, first = entering;                  \
  _Pragma("clang loop unroll(full)")                                 \
  for (int c = 0; c < NN_SLIDING_CHANNELS; c++) {                    \
    const nn_vec number = nn_splat(x[c]);                            \
    sum[c][0] += number * first;                                     \
    sum[c][1] += number * second;                                    \
    sum[c][2] += number * third;                                     \
  }
    for (; p < places; p++, x += t->x_place, dy += t->dy_place) {
      NN_STEP(nn_load(dy))
    }
    for (; p < t->in_w; p++, x += t->x_place) {
      NN_STEP((nn_vec){0})
    }
#undef NN_STEP
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < NN_SLIDING_CHANNELS; c++) {
#pragma clang loop unroll(full)
    for (int tap = 0; tap < 3; tap++) nn_store(t->sums + c * t->sum_step + tap * 16, sum[c][tap]);
  }
}

/// Floats of x and dy that go through all tiles before the next samples do, a part of a second-level
/// cache. Sums go on from one group of samples to the next, so it changes no bits.
#define NN_SLIDING_GROUP 49152

/// dw[out, in, kernel_h, 3].
///
/// - panels: scratch, [out / 16, in, kernel_h, 3, 16]
static void nn_loop_sliding_gradient(
  const nn_convolution_shape *s, const float *x, const float *dy, float *dw, float *panels) {
  const int64_t in = s->in_channels, out = s->out_channels, rows = s->kernel_h;
  const int64_t out_h = nn_convolution_out_h(s), out_w = nn_convolution_out_w(s);
  const int64_t x_line = s->in_w * in, dy_line = out_w * out, depth = in * rows * 48;
  const int64_t sample = s->in_h * x_line + out_h * dy_line;
  const int64_t group = sample < NN_SLIDING_GROUP ? NN_SLIDING_GROUP / sample : 1;
  memset(panels, 0, sizeof(float) * (size_t)(out / 16 * depth));
  for (int64_t first = 0; first < s->batch; first += group) {
    const int64_t end = first + group < s->batch ? first + group : s->batch;
    for (int64_t row = 0; row < rows; row++) {
      // Lines of dy whose filters see a line of the image with this row.
      int64_t from = s->pad_top - row, to = s->in_h + s->pad_top - row;
      if (from < 0) from = 0;
      if (to > out_h) to = out_h;
      if (from >= to) continue;
      for (int64_t c = 0; c < in; c += NN_SLIDING_CHANNELS) {
        for (int64_t o = 0; o < out; o += 16) {
          nn_sliding_sums tile = {
            .sums = panels + o / 16 * depth + (c * rows + row) * 48, .sum_step = rows * 48,
            .x_place = in, .dy_place = out, .x_line = x_line, .dy_line = dy_line,
            .lines = to - from, .in_w = s->in_w, .out_w = out_w, .pad_left = s->pad_left};
          for (int64_t n = first; n < end; n++) {
            tile.x = x + (n * s->in_h + from + row - s->pad_top) * x_line + c;
            tile.dy = dy + (n * out_h + from) * dy_line + o;
            nn_sliding_tile_sums(&tile);
          }
        }
      }
    }
  }
  for (int64_t o = 0; o < out; o += 16) {
    nn_loop_transpose(panels + o / 16 * depth, dw + o * (depth / 16), 1, depth / 16, 16);
  }
}

#endif
