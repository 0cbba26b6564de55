// Convolutions as oneDNN describes them: images channels last, weights in whatever order its
// kernel wants, from and to the plain order by a reorder of the call.
#ifndef NN_WITHOUT_ONEDNN

#include "onednn_private.h"

/// Everything that the three kinds have in common.
typedef struct geometry {
  dnnl_memory_desc_t x, y, bias, plain_weight, free_weight;
  dnnl_dims_t strides, dilates, pad_before, pad_after;
} geometry;

/// [batch, channels, height, width] as oneDNN counts axes, channels last in memory.
static dnnl_memory_desc_t image(int64_t batch, int64_t channels, int64_t height, int64_t width) {
  const dnnl_dims_t dims = {batch, channels, height, width};
  const dnnl_dims_t strides = {height * width * channels, 1, width * channels, channels};
  dnnl_memory_desc_t description;
  dnnl_memory_desc_init_by_strides(&description, 4, dims, dnnl_f32, strides);
  return description;
}

static geometry geometry_of(const nn_conv2d_shape *s) {
  geometry g = {
    .x = image(s->batch, s->in_channels, s->in_h, s->in_w),
    .y = image(s->batch, s->out_channels, nn_conv2d_out_h(s), nn_conv2d_out_w(s)),
    .strides = {s->stride_h, s->stride_w},
    .dilates = {s->dilation_h - 1, s->dilation_w - 1},
    .pad_before = {s->pad_top, s->pad_left},
    .pad_after = {s->pad_bottom, s->pad_right},
  };
  const dnnl_dims_t channels = {s->out_channels};
  dnnl_memory_desc_init_by_tag(&g.bias, 1, channels, dnnl_f32, dnnl_a);
  const dnnl_dims_t weight = {
    s->groups, s->out_channels / s->groups, s->in_channels / s->groups, s->kernel_h, s->kernel_w};
  int skipped = s->groups == 1 ? 1 : 0;
  dnnl_memory_desc_init_by_tag(
    &g.plain_weight, 5 - skipped, weight + skipped, dnnl_f32, skipped ? dnnl_abcd : dnnl_abcde);
  dnnl_memory_desc_init_by_tag(
    &g.free_weight, 5 - skipped, weight + skipped, dnnl_f32, dnnl_format_tag_any);
  return g;
}

static dnnl_primitive_desc_t describe(
  const nn_conv2d_shape *s, const geometry *g, nn_conv2d_kind kind,
  const_dnnl_primitive_desc_t forward) {
  const char *what = "a convolution";
  const dnnl_memory_desc_t *bias = s->has_bias ? &g->bias : NULL;
  dnnl_convolution_desc_t operation;
  dnnl_status_t status;
  nn_activation activation = NN_ACTIVATION_NONE;
  if (kind == NN_CONV2D_FORWARD) {
    // As hint of a gradient the forward pass must look like it, without an activation.
    activation = s->activation;
    status = dnnl_dilated_convolution_forward_desc_init(
      &operation, dnnl_forward_training, dnnl_convolution_direct, &g->x, &g->free_weight, bias,
      &g->y, g->strides, g->dilates, g->pad_before, g->pad_after);
  } else if (kind == NN_CONV2D_BACKWARD_DATA) {
    status = dnnl_dilated_convolution_backward_data_desc_init(
      &operation, dnnl_convolution_direct, &g->x, &g->free_weight, &g->y, g->strides, g->dilates,
      g->pad_before, g->pad_after);
  } else {
    status = dnnl_dilated_convolution_backward_weights_desc_init(
      &operation, dnnl_convolution_direct, &g->x, &g->free_weight, bias, &g->y, g->strides,
      g->dilates, g->pad_before, g->pad_after);
  }
  if (!nn_dnn_succeeds(status, what)) return NULL;
  dnnl_primitive_attr_t attributes = nn_dnn_attributes(activation);
  if (!attributes) return NULL;
  dnnl_primitive_desc_t description = NULL;
  status = dnnl_primitive_desc_create(
    &description, &operation, attributes, nn_dnn_engine(), forward);
  dnnl_primitive_attr_destroy(attributes);
  return nn_dnn_succeeds(status, what) ? description : NULL;
}

static nn_dnn_operand weight_operand(
  const geometry *g, const_dnnl_primitive_desc_t description, bool is_written) {
  const dnnl_memory_desc_t *inside = dnnl_primitive_desc_query_md(
    description, is_written ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
  return (nn_dnn_operand){
    .argument = is_written ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS,
    .is_written = is_written,
    .differs = !dnnl_memory_desc_equal(inside, &g->plain_weight),
    .outside = g->plain_weight,
    .inside = *inside,
  };
}

static nn_dnn_operand plain_operand(
  int argument, const dnnl_memory_desc_t *description, bool is_written) {
  return (nn_dnn_operand){
    .argument = argument, .is_written = is_written, .outside = *description};
}

static void set_operands(
  nn_dnn *made, const nn_conv2d_shape *s, const geometry *g, nn_conv2d_kind kind,
  const_dnnl_primitive_desc_t description) {
  nn_dnn_operand *o = made->operands;
  o[1] = weight_operand(g, description, kind == NN_CONV2D_BACKWARD_WEIGHTS);
  if (kind == NN_CONV2D_FORWARD) {
    o[0] = plain_operand(DNNL_ARG_SRC, &g->x, false);
    if (s->has_bias) o[2] = plain_operand(DNNL_ARG_BIAS, &g->bias, false);
    o[3] = plain_operand(DNNL_ARG_DST, &g->y, true);
  } else if (kind == NN_CONV2D_BACKWARD_DATA) {
    o[0] = plain_operand(DNNL_ARG_DIFF_SRC, &g->x, true);
    o[3] = plain_operand(DNNL_ARG_DIFF_DST, &g->y, false);
  } else {
    o[0] = plain_operand(DNNL_ARG_SRC, &g->x, false);
    if (s->has_bias) o[2] = plain_operand(DNNL_ARG_DIFF_BIAS, &g->bias, true);
    o[3] = plain_operand(DNNL_ARG_DIFF_DST, &g->y, false);
  }
}

nn_dnn *nn_dnn_conv2d(const nn_conv2d_shape *s, nn_conv2d_kind kind) {
  nn_single_thread();
  if (!nn_dnn_engine()) return NULL;
  geometry g = geometry_of(s);
  nn_conv2d_shape bare = *s;
  if (kind != NN_CONV2D_FORWARD) bare.activation = NN_ACTIVATION_NONE;
  dnnl_primitive_desc_t forward = describe(&bare, &g, NN_CONV2D_FORWARD, NULL);
  if (!forward) return NULL;
  dnnl_primitive_desc_t description =
    kind == NN_CONV2D_FORWARD ? forward : describe(&bare, &g, kind, forward);
  nn_dnn *made = description ? nn_dnn_compile(description, "a convolution") : NULL;
  if (made) set_operands(made, s, &g, kind, description);
  if (description && description != forward) dnnl_primitive_desc_destroy(description);
  dnnl_primitive_desc_destroy(forward);
  return made;
}

#endif
