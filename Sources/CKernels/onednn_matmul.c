// Matrix products as oneDNN describes them.
#ifndef NN_WITHOUT_ONEDNN

#include "onednn_private.h"

/// A [batch, rows, columns] matrix, stored [batch, columns, rows] if transposed; without the first
/// axis where the batch is 1, for which oneDNN has its fastest kernels.
///
/// - stride: from a stored row to the next; 0 where there is nothing between.
static dnnl_memory_desc_t matrix(
  int64_t batch, int64_t rows, int64_t columns, int64_t stride, bool transposed,
  dnnl_data_type_t type) {
  if (stride == 0) stride = transposed ? rows : columns;
  const dnnl_dims_t dims = {batch, rows, columns};
  const dnnl_dims_t strides = {
    rows * columns, transposed ? 1 : stride, transposed ? stride : 1};
  int skipped = batch == 1 ? 1 : 0;
  dnnl_memory_desc_t description;
  dnnl_memory_desc_init_by_strides(
    &description, 3 - skipped, dims + skipped, type, strides + skipped);
  return description;
}

/// The bias, one row that all rows share.
static dnnl_memory_desc_t shared_row(int64_t batch, int64_t columns) {
  const dnnl_dims_t dims = {1, 1, columns};
  const dnnl_dims_t strides = {columns, columns, 1};
  int skipped = batch == 1 ? 1 : 0;
  dnnl_memory_desc_t description;
  dnnl_memory_desc_init_by_strides(
    &description, 3 - skipped, dims + skipped, dnnl_f32, strides + skipped);
  return description;
}

nn_dnn *nn_dnn_matmul(const nn_matmul_shape *s) {
  nn_single_thread();
  dnnl_engine_t engine = nn_dnn_engine();
  if (!engine) return NULL;
  dnnl_data_type_t type = nn_dnn_type(s->operands);
  dnnl_memory_desc_t a = matrix(s->batch, s->m, s->k, s->a_stride, s->transpose_a, type);
  dnnl_memory_desc_t b = matrix(s->batch, s->k, s->n, 0, s->transpose_b, type);
  dnnl_memory_desc_t c = matrix(s->batch, s->m, s->n, 0, false, dnnl_f32);
  dnnl_memory_desc_t bias = shared_row(s->batch, s->n);
  const char *what = "a matrix product";
  dnnl_matmul_desc_t operation;
  dnnl_status_t status =
    dnnl_matmul_desc_init(&operation, &a, &b, s->has_bias ? &bias : NULL, &c);
  if (!nn_dnn_succeeds(status, what)) return NULL;
  dnnl_primitive_attr_t attributes = nn_dnn_attributes(s->activation);
  if (!attributes) return NULL;
  dnnl_primitive_desc_t description = NULL;
  status = dnnl_primitive_desc_create(&description, &operation, attributes, engine, NULL);
  dnnl_primitive_attr_destroy(attributes);
  if (!nn_dnn_succeeds(status, what)) return NULL;
  nn_dnn *made = nn_dnn_compile(description, what);
  dnnl_primitive_desc_destroy(description);
  if (!made) return NULL;
  made->operands[0] = (nn_dnn_operand){.argument = DNNL_ARG_SRC, .outside = a};
  made->operands[1] = (nn_dnn_operand){.argument = DNNL_ARG_WEIGHTS, .outside = b};
  if (s->has_bias) {
    made->operands[2] = (nn_dnn_operand){.argument = DNNL_ARG_BIAS, .outside = bias};
  }
  made->operands[3] =
    (nn_dnn_operand){.argument = DNNL_ARG_DST, .is_written = true, .outside = c};
  return made;
}

#endif
