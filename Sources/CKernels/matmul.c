// Matrix products: which kernel, and its memory.
#include <stdlib.h>

#include "kernels.h"
#include "onednn.h"

struct nn_matmul {
  nn_matmul_shape shape;
  nn_product own;
  nn_dnn *dnn;  // NULL for the own kernel
};

struct nn_matmul_call {
  const nn_matmul *product;
  nn_dnn_call *dnn;
  const void *a, *b;
  const float *bias;
  float *c, *panel;
};

bool nn_has_onednn(void) {
#ifdef NN_WITHOUT_ONEDNN
  return false;
#else
  return true;
#endif
}

const char *nn_bf16_name(void) {
#ifdef NN_WITHOUT_ONEDNN
  return NULL;
#else
  return nn_dnn_bf16_name();
#endif
}

bool nn_matmul_uses_onednn(const nn_matmul_shape *s) {
  if (!nn_has_onednn()) return false;
  if (s->operands == NN_OPERANDS_BF16) return true;
  // Measured on products from [1, 256, 256] to [256, 768, 768]: below these sizes the own kernel
  // is as fast or faster, by up to ten times, and needs no compilation at run time.
  int64_t limit = 100000;
  if (s->n <= 16 && !s->transpose_b) limit = 400000;
  // A transposed b is packed first, which pays only if enough rows of a use it; and with little
  // depth everything is a matter of storing c.
  if ((s->transpose_b && s->m < 32) || s->k < 8) limit = 32768;
  return s->m * s->n * s->k > limit;
}

/// From a stored row of a to the next.
static int64_t a_stride(const nn_matmul_shape *s) {
  if (s->a_stride > 0) return s->a_stride;
  return s->transpose_a ? s->m : s->k;
}

static bool is_shape_valid(const nn_matmul_shape *s) {
  if (s->batch > 0 && s->m > 0 && s->n > 0 && s->k > 0) {
    if (a_stride(s) >= (s->transpose_a ? s->m : s->k) && (s->batch == 1 || s->a_stride == 0)) {
      return true;
    }
    nn_set_error("the rows of a matrix overlap, or there are several with a stride");
    return false;
  }
  nn_set_error(
    "a matrix product of %lld × [%lld, %lld] · [%lld, %lld] has an empty side",
    (long long)s->batch, (long long)s->m, (long long)s->k, (long long)s->k, (long long)s->n);
  return false;
}

static nn_matmul *create(const nn_matmul_shape *shape, bool uses_onednn) {
  if (!is_shape_valid(shape)) return NULL;
  if (shape->operands == NN_OPERANDS_BF16 && !(uses_onednn && nn_bf16_name())) {
    nn_set_error("this machine has no matrix products of bf16");
    return NULL;
  }
  nn_matmul *product = calloc(1, sizeof *product);
  if (!product) {
    nn_set_error("out of memory");
    return NULL;
  }
  product->shape = *shape;
  product->own = (nn_product){
    .batch = shape->batch, .m = shape->m, .n = shape->n, .k = shape->k,
    .a_stride = a_stride(shape),
    .transpose_a = shape->transpose_a, .transpose_b = shape->transpose_b,
    .rectifies = shape->activation == NN_ACTIVATION_RELU};
  if (!uses_onednn) return product;
#ifndef NN_WITHOUT_ONEDNN
  product->dnn = nn_dnn_matmul(shape);
#endif
  if (product->dnn) return product;
  free(product);
  return NULL;
}

nn_matmul *nn_matmul_create(const nn_matmul_shape *shape) {
  return create(shape, nn_matmul_uses_onednn(shape));
}

nn_matmul *nn_matmul_create_own(const nn_matmul_shape *shape) { return create(shape, false); }

void nn_matmul_destroy(nn_matmul *product) {
  if (!product) return;
#ifndef NN_WITHOUT_ONEDNN
  nn_dnn_destroy(product->dnn);
#endif
  free(product);
}

nn_matmul_call *nn_matmul_bind(
  const nn_matmul *product, const void *a, const void *b, const float *bias, float *c) {
  nn_matmul_call *call = calloc(1, sizeof *call);
  if (!call) {
    nn_set_error("out of memory");
    return NULL;
  }
  call->product = product;
  call->a = a;
  call->b = b;
  call->bias = product->shape.has_bias ? bias : NULL;
  call->c = c;
#ifndef NN_WITHOUT_ONEDNN
  if (product->dnn) {
    // oneDNN's handles are not const, but what it only reads it leaves alone.
    void *const operands[4] = {(void *)a, (void *)b, (void *)bias, c};
    call->dnn = nn_dnn_bind(product->dnn, operands);
    if (call->dnn) return call;
    free(call);
    return NULL;
  }
#endif
  call->panel = aligned_alloc(64, sizeof(float) * NN_PANEL_ELEMENTS);
  if (call->panel) return call;
  nn_set_error("out of memory");
  free(call);
  return NULL;
}

void nn_matmul_call_run(nn_matmul_call *call) {
#ifndef NN_WITHOUT_ONEDNN
  if (call->dnn) {
    nn_dnn_run(call->dnn);
    return;
  }
#endif
  nn_kernels_in_use()->product(
    &call->product->own, call->a, call->b, call->bias, call->c, call->panel);
}

void nn_matmul_call_destroy(nn_matmul_call *call) {
  if (!call) return;
#ifndef NN_WITHOUT_ONEDNN
  nn_dnn_call_destroy(call->dnn);
#endif
  free(call->panel);
  free(call);
}
