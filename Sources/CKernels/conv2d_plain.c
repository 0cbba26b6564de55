// Convolution by its definition. Right and deterministic, but not fast: the vectorised way is
// oneDNN's.
#include "conv2d_plain.h"

#include <string.h>

/// The places of one product of the definition.
typedef struct places {
  int64_t x, weight, y;
} places;

/// Visits every output position, kernel position and group; `x` and `y` are the first channels of
/// the group's pixels, `weight` the group's first weight of this kernel position.
#define EACH_POSITION(s, body)                                                                   \
  do {                                                                                           \
    const int64_t out_h = nn_conv2d_out_h(s), out_w = nn_conv2d_out_w(s);                        \
    const int64_t ins = (s)->in_channels / (s)->groups, outs = (s)->out_channels / (s)->groups;  \
    const int64_t area = (s)->kernel_h * (s)->kernel_w;                                          \
    for (int64_t n = 0; n < (s)->batch; n++)                                                     \
      for (int64_t i = 0; i < out_h; i++)                                                        \
        for (int64_t j = 0; j < out_w; j++)                                                      \
          for (int64_t u = 0; u < (s)->kernel_h; u++)                                            \
            for (int64_t v = 0; v < (s)->kernel_w; v++) {                                        \
              int64_t h = i * (s)->stride_h + u * (s)->dilation_h - (s)->pad_top;                \
              int64_t w = j * (s)->stride_w + v * (s)->dilation_w - (s)->pad_left;               \
              if (h < 0 || h >= (s)->in_h || w < 0 || w >= (s)->in_w) continue;                  \
              for (int64_t g = 0; g < (s)->groups; g++) {                                        \
                places at = {                                                                    \
                  ((n * (s)->in_h + h) * (s)->in_w + w) * (s)->in_channels + g * ins,            \
                  g * outs * ins * area + u * (s)->kernel_w + v,                                 \
                  ((n * out_h + i) * out_w + j) * (s)->out_channels + g * outs};                 \
                body                                                                             \
              }                                                                                  \
            }                                                                                    \
  } while (0)

static int64_t output_pixels(const nn_conv2d_shape *s) {
  return s->batch * nn_conv2d_out_h(s) * nn_conv2d_out_w(s);
}

void nn_conv2d_plain_forward(
  const nn_conv2d_shape *s, const float *x, const float *weight, const float *bias, float *y) {
  int64_t pixels = output_pixels(s);
  for (int64_t p = 0; p < pixels; p++) {
    for (int64_t o = 0; o < s->out_channels; o++) {
      y[p * s->out_channels + o] = bias ? bias[o] : 0;
    }
  }
  EACH_POSITION(s, {
    for (int64_t o = 0; o < outs; o++) {
      float sum = 0;
      for (int64_t c = 0; c < ins; c++) sum += x[at.x + c] * weight[at.weight + (o * ins + c) * area];
      y[at.y + o] += sum;
    }
  });
  if (s->activation != NN_ACTIVATION_RELU) return;
  for (int64_t p = 0; p < pixels * s->out_channels; p++) {
    if (y[p] <= 0) y[p] = 0;
  }
}

void nn_conv2d_plain_backward_data(
  const nn_conv2d_shape *s, float *dx, const float *weight, const float *dy) {
  memset(dx, 0, sizeof(float) * (size_t)(s->batch * s->in_h * s->in_w * s->in_channels));
  EACH_POSITION(s, {
    for (int64_t o = 0; o < outs; o++) {
      for (int64_t c = 0; c < ins; c++) {
        dx[at.x + c] += dy[at.y + o] * weight[at.weight + (o * ins + c) * area];
      }
    }
  });
}

void nn_conv2d_plain_backward_weights(
  const nn_conv2d_shape *s, const float *x, float *dweight, float *dbias, const float *dy) {
  memset(
    dweight, 0,
    sizeof(float) *
      (size_t)(s->out_channels * (s->in_channels / s->groups) * s->kernel_h * s->kernel_w));
  EACH_POSITION(s, {
    for (int64_t o = 0; o < outs; o++) {
      for (int64_t c = 0; c < ins; c++) {
        dweight[at.weight + (o * ins + c) * area] += dy[at.y + o] * x[at.x + c];
      }
    }
  });
  if (dbias) nn_reduce_sum(dy, dbias, 1, output_pixels(s), s->out_channels);
}
