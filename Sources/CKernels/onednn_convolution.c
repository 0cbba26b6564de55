// Convolutions as oneDNN describes them: images channels last, weights in whatever order its
// kernel wants, from and to the plain order by a reorder of the call.
#ifndef NN_WITHOUT_ONEDNN

#include "onednn_private.h"

/// Everything that the three kinds have in common.
typedef struct geometry {
  dnnl_memory_desc_t x, y, bias, plain_weight, free_weight;
  dnnl_dims_t strides, dilates, pad_before, pad_after;
} geometry;

/// Whether depth is an axis at all; without it oneDNN has more kernels to choose from.
static bool is_deep(const nn_convolution_shape *s) {
  return s->in_d > 1 || s->kernel_d > 1 || s->pad_front > 0 || s->pad_back > 0;
}

/// [batch, channels, depth, height, width] as oneDNN counts axes, channels last in memory; without
/// depth where there is none.
static dnnl_memory_desc_t image(
  bool is_deep, dnnl_data_type_t type, int64_t batch, int64_t channels, int64_t depth,
  int64_t height, int64_t width) {
  const int64_t row = width * channels;
  const dnnl_dims_t deep_dims = {batch, channels, depth, height, width};
  const dnnl_dims_t deep_strides = {depth * height * row, 1, height * row, row, channels};
  const dnnl_dims_t dims = {batch, channels, height, width};
  const dnnl_dims_t strides = {height * row, 1, row, channels};
  dnnl_memory_desc_t description;
  dnnl_memory_desc_init_by_strides(
    &description, is_deep ? 5 : 4, is_deep ? deep_dims : dims, type,
    is_deep ? deep_strides : strides);
  return description;
}

/// The weight in the order of its axes, or in whatever order a kernel wants.
static dnnl_memory_desc_t weight_of(
  const nn_convolution_shape *s, dnnl_data_type_t type, bool is_free) {
  int rank = 0;
  dnnl_dims_t dims;
  if (s->groups > 1) dims[rank++] = s->groups;
  dims[rank++] = s->out_channels / s->groups;
  dims[rank++] = s->in_channels / s->groups;
  if (is_deep(s)) dims[rank++] = s->kernel_d;
  dims[rank++] = s->kernel_h;
  dims[rank++] = s->kernel_w;
  const dnnl_format_tag_t plain[] = {dnnl_abcd, dnnl_abcde, dnnl_abcdef};
  dnnl_memory_desc_t description;
  dnnl_memory_desc_init_by_tag(
    &description, rank, dims, type, is_free ? dnnl_format_tag_any : plain[rank - 4]);
  return description;
}

static geometry geometry_of(const nn_convolution_shape *s, nn_convolution_kind kind) {
  bool deep = is_deep(s);
  // What is written is f32, whatever is read.
  dnnl_data_type_t read = nn_dnn_type(s->operands);
  dnnl_data_type_t x_type = kind == NN_CONVOLUTION_BACKWARD_DATA ? dnnl_f32 : read;
  dnnl_data_type_t weight_type = kind == NN_CONVOLUTION_BACKWARD_WEIGHTS ? dnnl_f32 : read;
  dnnl_data_type_t y_type = kind == NN_CONVOLUTION_FORWARD ? dnnl_f32 : read;
  geometry g = {
    .x = image(deep, x_type, s->batch, s->in_channels, s->in_d, s->in_h, s->in_w),
    .y = image(
      deep, y_type, s->batch, s->out_channels, nn_convolution_out_d(s), nn_convolution_out_h(s),
      nn_convolution_out_w(s)),
    .plain_weight = weight_of(s, weight_type, false),
    .free_weight = weight_of(s, weight_type, true),
  };
  const dnnl_dims_t channels = {s->out_channels};
  dnnl_memory_desc_init_by_tag(&g.bias, 1, channels, dnnl_f32, dnnl_a);
  const int64_t windows[3][4] = {
    {s->stride_d, s->dilation_d, s->pad_front, s->pad_back},
    {s->stride_h, s->dilation_h, s->pad_top, s->pad_bottom},
    {s->stride_w, s->dilation_w, s->pad_left, s->pad_right},
  };
  for (int axis = deep ? 0 : 1, place = 0; axis < 3; axis++, place++) {
    g.strides[place] = windows[axis][0];
    g.dilates[place] = windows[axis][1] - 1;
    g.pad_before[place] = windows[axis][2];
    g.pad_after[place] = windows[axis][3];
  }
  return g;
}

static dnnl_primitive_desc_t describe(
  const nn_convolution_shape *s, const geometry *g, nn_convolution_kind kind,
  const_dnnl_primitive_desc_t forward) {
  const char *what = "a convolution";
  const dnnl_memory_desc_t *bias = s->has_bias ? &g->bias : NULL;
  dnnl_convolution_desc_t operation;
  dnnl_status_t status;
  nn_activation activation = NN_ACTIVATION_NONE;
  if (kind == NN_CONVOLUTION_FORWARD) {
    // As hint of a gradient the forward pass must look like it, without an activation.
    activation = s->activation;
    status = dnnl_dilated_convolution_forward_desc_init(
      &operation, dnnl_forward_training, dnnl_convolution_direct, &g->x, &g->free_weight, bias,
      &g->y, g->strides, g->dilates, g->pad_before, g->pad_after);
  } else if (kind == NN_CONVOLUTION_BACKWARD_DATA) {
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
  nn_dnn *made, const nn_convolution_shape *s, const geometry *g, nn_convolution_kind kind,
  const_dnnl_primitive_desc_t description) {
  nn_dnn_operand *o = made->operands;
  o[1] = weight_operand(g, description, kind == NN_CONVOLUTION_BACKWARD_WEIGHTS);
  if (kind == NN_CONVOLUTION_FORWARD) {
    o[0] = plain_operand(DNNL_ARG_SRC, &g->x, false);
    if (s->has_bias) o[2] = plain_operand(DNNL_ARG_BIAS, &g->bias, false);
    o[3] = plain_operand(DNNL_ARG_DST, &g->y, true);
  } else if (kind == NN_CONVOLUTION_BACKWARD_DATA) {
    o[0] = plain_operand(DNNL_ARG_DIFF_SRC, &g->x, true);
    o[3] = plain_operand(DNNL_ARG_DIFF_DST, &g->y, false);
  } else {
    o[0] = plain_operand(DNNL_ARG_SRC, &g->x, false);
    if (s->has_bias) o[2] = plain_operand(DNNL_ARG_DIFF_BIAS, &g->bias, true);
    o[3] = plain_operand(DNNL_ARG_DIFF_DST, &g->y, false);
  }
}

nn_dnn *nn_dnn_convolution(const nn_convolution_shape *s, nn_convolution_kind kind) {
  nn_single_thread();
  if (!nn_dnn_engine()) return NULL;
  geometry g = geometry_of(s, kind);
  nn_convolution_shape bare = *s;
  if (kind != NN_CONVOLUTION_FORWARD) bare.activation = NN_ACTIVATION_NONE;
  const geometry hint = geometry_of(s, NN_CONVOLUTION_FORWARD);
  dnnl_primitive_desc_t forward = describe(&bare, &hint, NN_CONVOLUTION_FORWARD, NULL);
  if (!forward) return NULL;
  dnnl_primitive_desc_t description =
    kind == NN_CONVOLUTION_FORWARD ? forward : describe(&bare, &g, kind, forward);
  nn_dnn *made = description ? nn_dnn_compile(description, "a convolution") : NULL;
  if (made) set_operands(made, s, &g, kind, description);
  if (description && description != forward) dnnl_primitive_desc_destroy(description);
  dnnl_primitive_desc_destroy(forward);
  return made;
}

#endif
