// Convolution by its definition. Right and deterministic, but not fast: the vectorised way is
// oneDNN's.
#include "convolution_plain.h"

#include <string.h>

/// The places of one product of the definition.
typedef struct places {
  int64_t x, weight, y;
} places;

/// Visits every output position, kernel position and group; `x` and `y` are the first channels of
/// the group's pixels, `weight` the group's first weight of this kernel position.
#define EACH_POSITION(s, body)                                                                   \
  do {                                                                                           \
    const int64_t out_d = nn_convolution_out_d(s), out_h = nn_convolution_out_h(s);              \
    const int64_t out_w = nn_convolution_out_w(s);                                               \
    const int64_t ins = (s)->in_channels / (s)->groups, outs = (s)->out_channels / (s)->groups;  \
    const int64_t area = (s)->kernel_d * (s)->kernel_h * (s)->kernel_w;                          \
    const int64_t positions = (s)->batch * out_d * out_h * out_w;                                \
    for (int64_t position = 0; position < positions; position++)                                 \
      for (int64_t tap = 0; tap < area; tap++) {                                                 \
        int64_t n = position / (out_d * out_h * out_w);                                          \
        int64_t d = position / (out_h * out_w) % out_d * (s)->stride_d - (s)->pad_front +        \
                    tap / ((s)->kernel_h * (s)->kernel_w) * (s)->dilation_d;                     \
        int64_t h = position / out_w % out_h * (s)->stride_h - (s)->pad_top +                    \
                    tap / (s)->kernel_w % (s)->kernel_h * (s)->dilation_h;                       \
        int64_t w = position % out_w * (s)->stride_w - (s)->pad_left +                           \
                    tap % (s)->kernel_w * (s)->dilation_w;                                       \
        if (d < 0 || d >= (s)->in_d || h < 0 || h >= (s)->in_h || w < 0 || w >= (s)->in_w)       \
          continue;                                                                              \
        int64_t pixel = ((n * (s)->in_d + d) * (s)->in_h + h) * (s)->in_w + w;                   \
        for (int64_t g = 0; g < (s)->groups; g++) {                                              \
          places at = {                                                                          \
            pixel * (s)->in_channels + g * ins, g * outs * ins * area + tap,                     \
            position * (s)->out_channels + g * outs};                                            \
          body                                                                                   \
        }                                                                                        \
      }                                                                                          \
  } while (0)

static int64_t output_pixels(const nn_convolution_shape *s) {
  return s->batch * nn_convolution_out_d(s) * nn_convolution_out_h(s) * nn_convolution_out_w(s);
}

void nn_convolution_plain_forward(
  const nn_convolution_shape *s, const float *x, const float *weight, const float *bias, float *y) {
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

void nn_convolution_plain_backward_data(
  const nn_convolution_shape *s, float *dx, const float *weight, const float *dy) {
  int64_t pixels = s->batch * s->in_d * s->in_h * s->in_w;
  memset(dx, 0, sizeof(float) * (size_t)(pixels * s->in_channels));
  EACH_POSITION(s, {
    for (int64_t o = 0; o < outs; o++) {
      for (int64_t c = 0; c < ins; c++) {
        dx[at.x + c] += dy[at.y + o] * weight[at.weight + (o * ins + c) * area];
      }
    }
  });
}

void nn_convolution_plain_backward_weights(
  const nn_convolution_shape *s, const float *x, float *dweight, float *dbias, const float *dy) {
  int64_t filter = s->in_channels / s->groups * s->kernel_d * s->kernel_h * s->kernel_w;
  memset(dweight, 0, sizeof(float) * (size_t)(s->out_channels * filter));
  EACH_POSITION(s, {
    for (int64_t o = 0; o < outs; o++) {
      for (int64_t c = 0; c < ins; c++) {
        dweight[at.weight + (o * ins + c) * area] += dy[at.y + o] * x[at.x + c];
      }
    }
  });
  if (dbias) nn_reduce_sum(dy, dbias, 1, output_pixels(s), s->out_channels);
}
