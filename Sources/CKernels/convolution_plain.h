// Convolution by its definition, for builds without oneDNN.
#ifndef NN_CONVOLUTION_PLAIN_H
#define NN_CONVOLUTION_PLAIN_H

#include "include/CKernels.h"

// Operands as in nn_convolution_bind; a bias of NULL is none.
void nn_convolution_plain_forward(
  const nn_convolution_shape *shape, const float *x, const float *weight, const float *bias, float *y);
void nn_convolution_plain_backward_data(
  const nn_convolution_shape *shape, float *dx, const float *weight, const float *dy);
void nn_convolution_plain_backward_weights(
  const nn_convolution_shape *shape, const float *x, float *dweight, float *dbias, const float *dy);

#endif
