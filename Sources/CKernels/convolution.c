// Convolutions: oneDNN's where it exists, plain loops elsewhere, and own tiles for images of few
// channels.
#include <stdlib.h>

#include "convolution_plain.h"
#include "kernels.h"
#include "onednn.h"

/// Who computes a convolution.
typedef enum nn_convolution_way {
  NN_WAY_ONEDNN,
  NN_WAY_DIRECT,   // loops/direct_convolution.h
  NN_WAY_SLIDING,  // loops/sliding_convolution.h and sliding_gradient.h
  NN_WAY_PLAIN,
} nn_convolution_way;

struct nn_convolution {
  nn_convolution_shape shape;
  nn_convolution_kind kind;
  nn_convolution_way way;
  const nn_kernels *kernels;  // those it was made for: not all have every way
  nn_dnn *dnn;  // NULL for this module's own loops
};

struct nn_convolution_call {
  const nn_convolution *convolution;
  nn_dnn_call *dnn;
  void *x, *weight, *y;
  float *bias;
  float *panels, *image;  // scratch of the own tiles, NULL without them
};

static int64_t out_size(
  int64_t in, int64_t before, int64_t after, int64_t dilation, int64_t kernel, int64_t stride) {
  int64_t room = in + before + after - dilation * (kernel - 1) - 1;
  return room < 0 ? 0 : room / stride + 1;
}

int64_t nn_convolution_out_d(const nn_convolution_shape *s) {
  return out_size(s->in_d, s->pad_front, s->pad_back, s->dilation_d, s->kernel_d, s->stride_d);
}

int64_t nn_convolution_out_h(const nn_convolution_shape *s) {
  return out_size(s->in_h, s->pad_top, s->pad_bottom, s->dilation_h, s->kernel_h, s->stride_h);
}

int64_t nn_convolution_out_w(const nn_convolution_shape *s) {
  return out_size(s->in_w, s->pad_left, s->pad_right, s->dilation_w, s->kernel_w, s->stride_w);
}

static bool is_shape_valid(const nn_convolution_shape *s) {
  bool is_positive = s->batch > 0 && s->groups > 0 && s->in_channels > 0 && s->out_channels > 0 &&
                     s->in_d > 0 && s->in_h > 0 && s->in_w > 0 && s->kernel_d > 0 &&
                     s->kernel_h > 0 && s->kernel_w > 0 && s->stride_d > 0 && s->stride_h > 0 &&
                     s->stride_w > 0 && s->dilation_d > 0 && s->dilation_h > 0 &&
                     s->dilation_w > 0;
  if (!is_positive) {
    nn_set_error("a convolution has a size that is not positive");
    return false;
  }
  if (s->pad_front < 0 || s->pad_top < 0 || s->pad_left < 0 || s->pad_back < 0 ||
      s->pad_bottom < 0 || s->pad_right < 0) {
    nn_set_error("a convolution has negative padding");
    return false;
  }
  if (s->in_channels % s->groups != 0 || s->out_channels % s->groups != 0) {
    nn_set_error(
      "%lld groups do not divide %lld and %lld channels", (long long)s->groups,
      (long long)s->in_channels, (long long)s->out_channels);
    return false;
  }
  if (
    nn_convolution_out_d(s) == 0 || nn_convolution_out_h(s) == 0 || nn_convolution_out_w(s) == 0) {
    nn_set_error(
      "a %lld × %lld × %lld kernel does not fit a padded %lld × %lld × %lld image",
      (long long)s->kernel_d, (long long)s->kernel_h, (long long)s->kernel_w, (long long)s->in_d,
      (long long)s->in_h, (long long)s->in_w);
    return false;
  }
  return true;
}

/// Whether it is one of images with plain padding and nothing that the own tiles do not know.
static bool is_simple(const nn_convolution_shape *s) {
  return s->operands != NN_OPERANDS_BF16 && s->groups == 1 && s->in_d == 1 && s->kernel_d == 1 &&
         s->pad_front == 0 && s->pad_back == 0;
}

/// Measured from 1 to 64 channels: with up to four oneDNN reaches 111 to 195 GFLOP/s of 245, the
/// tiles of loops/direct_convolution.h 160 to 215.
static bool is_direct(const nn_convolution_shape *s, nn_convolution_kind kind) {
  return kind == NN_CONVOLUTION_FORWARD && is_simple(s) && s->in_channels <= 4 &&
         s->out_channels >= 8 && s->dilation_w == 1;
}

/// Whether filters three wide go place by place over whole vectors of channels.
///
/// Measured on one core, in GFLOP/s of 308, from 8 to 256 channels and 4 to 56 places: both gradients
/// are 3 to 15 % faster than oneDNN's, what has 16 channels or fewer up to half as fast again. Where
/// the lines written have fewer than seven places or there are many channels, oneDNN is ahead.
static bool is_sliding(
  const nn_convolution_shape *s, nn_convolution_kind kind, const nn_kernels *kernels) {
  bool slides = is_simple(s) && kernels->sliding_convolution && s->kernel_w == 3 &&
                s->kernel_h <= NN_SLIDING_ROWS && s->stride_h == 1 && s->stride_w == 1 &&
                s->dilation_h == 1 && s->dilation_w == 1 && s->pad_left <= 2 && s->pad_right <= 2 &&
                s->pad_top < s->kernel_h && s->pad_bottom < s->kernel_h;
  if (!slides || s->in_channels > 128 || s->out_channels > 128) return false;
  switch (kind) {
  case NN_CONVOLUTION_FORWARD:
    return s->out_channels % 16 == 0 && nn_convolution_out_w(s) >= 7;
  case NN_CONVOLUTION_BACKWARD_DATA: return s->in_channels % 16 == 0 && s->in_w >= 7;
  case NN_CONVOLUTION_BACKWARD_WEIGHTS:
    return s->out_channels % 16 == 0 && s->in_channels % 8 == 0 && !s->has_bias;
  }
  return false;
}

/// It depends on the shape and the instruction set alone.
static nn_convolution_way fastest_way(
  const nn_convolution_shape *s, nn_convolution_kind kind, const nn_kernels *kernels) {
  if (is_direct(s, kind)) return NN_WAY_DIRECT;
  if (is_sliding(s, kind, kernels)) return NN_WAY_SLIDING;
  return nn_has_onednn() ? NN_WAY_ONEDNN : NN_WAY_PLAIN;
}

static nn_convolution *create(
  const nn_convolution_shape *shape, nn_convolution_kind kind, nn_convolution_way way,
  const nn_kernels *kernels) {
  if (shape->operands == NN_OPERANDS_BF16 && !(way == NN_WAY_ONEDNN && nn_bf16_name())) {
    nn_set_error("this machine has no convolutions of bf16");
    return NULL;
  }
  nn_convolution *convolution = calloc(1, sizeof *convolution);
  if (!convolution) {
    nn_set_error("out of memory");
    return NULL;
  }
  *convolution = (nn_convolution){.shape = *shape, .kind = kind, .way = way, .kernels = kernels};
  if (way != NN_WAY_ONEDNN) return convolution;
#ifndef NN_WITHOUT_ONEDNN
  convolution->dnn = nn_dnn_convolution(shape, kind);
#endif
  if (convolution->dnn) return convolution;
  free(convolution);
  return NULL;
}

nn_convolution *nn_convolution_create(const nn_convolution_shape *shape, nn_convolution_kind kind) {
  const nn_kernels *kernels = nn_kernels_in_use();
  if (!is_shape_valid(shape)) return NULL;
  return create(shape, kind, fastest_way(shape, kind, kernels), kernels);
}

nn_convolution *nn_convolution_create_own(
  const nn_convolution_shape *shape, nn_convolution_kind kind) {
  return is_shape_valid(shape) ? create(shape, kind, NN_WAY_PLAIN, nn_kernels_in_use()) : NULL;
}

void nn_convolution_destroy(nn_convolution *convolution) {
  if (!convolution) return;
#ifndef NN_WITHOUT_ONEDNN
  nn_dnn_destroy(convolution->dnn);
#endif
  free(convolution);
}

/// Scratch for the direct tiles: packed filters, and an image with its padding, which stays zero.
static bool add_scratch(nn_convolution_call *call) {
  const nn_convolution_shape *s = &call->convolution->shape;
  int64_t filters = (s->out_channels + 31) / 32 * 32 * s->kernel_h * s->kernel_w * s->in_channels;
  int64_t pixels = (s->in_h + s->pad_top + s->pad_bottom) * (s->in_w + s->pad_left + s->pad_right);
  call->panels = aligned_alloc(64, sizeof(float) * (size_t)filters);
  call->image = calloc((size_t)(pixels * s->in_channels), sizeof(float));
  if (call->panels && call->image) return true;
  nn_set_error("out of memory");
  return false;
}

/// Scratch of the thread for the sliding tiles: packed filters, and behind them lines of an image.
static void run_sliding(nn_convolution_call *call, const float *bias) {
  const nn_convolution_shape *s = &call->convolution->shape;
  const nn_kernels *kernels = call->convolution->kernels;
  size_t filters = (size_t)(s->out_channels * s->in_channels * s->kernel_h * s->kernel_w);
  // A line is as long as its places and what the filter reaches beyond; what has more channels or
  // places is read.
  int64_t width = nn_convolution_out_w(s) > s->in_w ? nn_convolution_out_w(s) : s->in_w;
  int64_t channels = s->in_channels > s->out_channels ? s->in_channels : s->out_channels;
  size_t lines = (size_t)(s->kernel_h * (width + 2) * channels);
  float *panels = nn_thread_scratch(sizeof(float) * (filters + lines));
  switch (call->convolution->kind) {
  case NN_CONVOLUTION_FORWARD:
    kernels->sliding_convolution(
      s, false, call->x, call->weight, bias, call->y, panels, panels + filters);
    break;
  case NN_CONVOLUTION_BACKWARD_DATA:
    kernels->sliding_convolution(
      s, true, call->y, call->weight, NULL, call->x, panels, panels + filters);
    break;
  case NN_CONVOLUTION_BACKWARD_WEIGHTS:
    kernels->sliding_gradient(s, call->x, call->y, call->weight, panels);
    break;
  }
}

nn_convolution_call *nn_convolution_bind(
  const nn_convolution *convolution, void *x, void *weight, float *bias, void *y) {
  nn_convolution_call *call = calloc(1, sizeof *call);
  if (!call) {
    nn_set_error("out of memory");
    return NULL;
  }
  *call = (nn_convolution_call){
    .convolution = convolution, .x = x, .weight = weight, .bias = bias, .y = y};
#ifndef NN_WITHOUT_ONEDNN
  if (convolution->dnn) {
    void *const operands[4] = {x, weight, bias, y};
    call->dnn = nn_dnn_bind(convolution->dnn, operands);
    if (!call->dnn) {
      free(call);
      return NULL;
    }
    return call;
  }
#endif
  if (convolution->way != NN_WAY_DIRECT || add_scratch(call)) return call;
  nn_convolution_call_destroy(call);
  return NULL;
}

void nn_convolution_call_run(nn_convolution_call *call) {
#ifndef NN_WITHOUT_ONEDNN
  if (call->dnn) {
    nn_dnn_run(call->dnn);
    return;
  }
#endif
  const nn_convolution_shape *s = &call->convolution->shape;
  float *bias = s->has_bias ? call->bias : NULL;
  if (call->convolution->way == NN_WAY_SLIDING) {
    run_sliding(call, bias);
    return;
  }
  if (call->panels) {
    call->convolution->kernels->direct_convolution(
      s, call->x, call->weight, bias, call->y, call->panels, call->image);
    return;
  }
  switch (call->convolution->kind) {
  case NN_CONVOLUTION_FORWARD: nn_convolution_plain_forward(s, call->x, call->weight, bias, call->y); break;
  case NN_CONVOLUTION_BACKWARD_DATA:
    nn_convolution_plain_backward_data(s, call->x, call->weight, call->y);
    break;
  case NN_CONVOLUTION_BACKWARD_WEIGHTS:
    nn_convolution_plain_backward_weights(s, call->x, call->weight, bias, call->y);
    break;
  }
}

void nn_convolution_call_destroy(nn_convolution_call *call) {
  if (!call) return;
#ifndef NN_WITHOUT_ONEDNN
  nn_dnn_call_destroy(call->dnn);
#endif
  free(call->panels);
  free(call->image);
  free(call);
}
