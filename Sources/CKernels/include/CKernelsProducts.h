// Matrix products, convolutions, recurrent scans and attention: kernels that are chosen for a shape once,
// bound to memory, and then only run. Included by CKernels.h, whose rules hold here too.
#ifndef NN_CKERNELS_PRODUCTS_H
#define NN_CKERNELS_PRODUCTS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What the operands that products read are. Sums, biases and results are f32 in any case.
typedef enum nn_operands {
  NN_OPERANDS_F32 = 0,
  NN_OPERANDS_BF16 = 1,  // only where nn_bf16_name is not NULL
} nn_operands;

/// What computes products of bf16, as "avx512-bf16"; NULL where this machine or this build does not.
/// Machines with different names may add up in different orders.
const char *nn_bf16_name(void);

// ------------------------------------------------------------------------------------ matmul
//
// c = activation(a · b + bias) for each of `batch` dense matrices; bias is shared by all.
// - a: [batch, m, k], stored [batch, k, m] if transpose_a
// - b: [batch, k, n], stored [batch, n, k] if transpose_b
// - bias: [n]; c: [batch, m, n]
//
// `create` chooses and compiles the kernel once; `bind` joins it to memory; `run` only computes.
// The product, the memory and the call end in any order but that a call never runs without the
// other two; the same holds for convolutions.

typedef enum nn_activation { NN_ACTIVATION_NONE = 0, NN_ACTIVATION_RELU = 1 } nn_activation;

typedef struct nn_matmul_shape {
  int64_t batch, m, n, k;
  bool transpose_a, transpose_b, has_bias;
  nn_activation activation;
  nn_operands operands;  // a and b
  int64_t a_stride;      // from a stored row of a to the next; 0 where there is nothing between
} nn_matmul_shape;

typedef struct nn_matmul nn_matmul;
typedef struct nn_matmul_call nn_matmul_call;

/// Whether this build contains oneDNN.
bool nn_has_onednn(void);

/// NULL if a size is not positive or oneDNN refuses; see nn_last_error.
nn_matmul *nn_matmul_create(const nn_matmul_shape *shape);

/// As nn_matmul_create, but always with this module's own kernel, for comparisons.
nn_matmul *nn_matmul_create_own(const nn_matmul_shape *shape);

/// Whether products of this shape go to oneDNN; it depends on the shape alone. Those of bf16 all do.
bool nn_matmul_uses_onednn(const nn_matmul_shape *shape);

void nn_matmul_destroy(nn_matmul *product);

/// bias is NULL if the shape has none; a and b are f32 or bf16, as the shape says.
nn_matmul_call *nn_matmul_bind(
  const nn_matmul *product, const void *a, const void *b, const float *bias, float *c);
void nn_matmul_call_run(nn_matmul_call *call);
void nn_matmul_call_destroy(nn_matmul_call *call);

// ------------------------------------------------------------------------------- convolution
//
// y[n, …, j, o] = activation(bias[o] + Σ x[n, …, j·stride + v·dilation - pad, c] · w[o, c, …, v])
// - x, dx: [batch, in_d, in_h, in_w, in_channels]; y, dy: [batch, out_d, out_h, out_w, out_channels]
// - w, dw: [out_channels, in_channels / groups, kernel_d, kernel_h, kernel_w]
// - bias, dbias: [out_channels]
// - out_h = (in_h + pad_top + pad_bottom - dilation_h · (kernel_h - 1) - 1) / stride_h + 1
//
// An image has a depth of one with a kernel of one; a sequence has a height of one as well.
//
// Gradients are those without the activation: dy is the gradient at what the activation reads.

typedef struct nn_convolution_shape {
  int64_t batch, groups, in_channels, out_channels, in_d, in_h, in_w;
  int64_t kernel_d, kernel_h, kernel_w, stride_d, stride_h, stride_w;
  int64_t dilation_d, dilation_h, dilation_w;  // 1 is none
  int64_t pad_front, pad_top, pad_left, pad_back, pad_bottom, pad_right;
  bool has_bias;  // forward reads bias, backward weights writes dbias
  nn_activation activation;  // of forward; the others ignore it
  nn_operands operands;      // those of x, weight and y that are read
} nn_convolution_shape;

typedef enum nn_convolution_kind {
  NN_CONVOLUTION_FORWARD = 0,           // y from x, w, bias
  NN_CONVOLUTION_BACKWARD_DATA = 1,     // dx from w, dy
  NN_CONVOLUTION_BACKWARD_WEIGHTS = 2,  // dw and dbias from x, dy
} nn_convolution_kind;

typedef struct nn_convolution nn_convolution;
typedef struct nn_convolution_call nn_convolution_call;

int64_t nn_convolution_out_d(const nn_convolution_shape *shape);
int64_t nn_convolution_out_h(const nn_convolution_shape *shape);
int64_t nn_convolution_out_w(const nn_convolution_shape *shape);

/// NULL if a size is not positive, the image is smaller than the kernel, the groups do not divide
/// the channels, or oneDNN refuses; see nn_last_error.
nn_convolution *nn_convolution_create(const nn_convolution_shape *shape, nn_convolution_kind kind);

/// As nn_convolution_create, but always with this module's own plain loops, for comparisons.
nn_convolution *nn_convolution_create_own(const nn_convolution_shape *shape, nn_convolution_kind kind);

void nn_convolution_destroy(nn_convolution *convolution);

/// The operands in the order of the forward pass, whatever the kind: x or dx, w or dw, bias or
/// dbias (NULL if the shape has none; unused by backward data), y or dy. The memory that the kind
/// computes is written, the rest is read.
nn_convolution_call *nn_convolution_bind(
  const nn_convolution *convolution, void *x, void *weight, float *bias, void *y);
void nn_convolution_call_run(nn_convolution_call *call);
void nn_convolution_call_destroy(nn_convolution_call *call);

// ----------------------------------------------------------------------------- recurrent scans
//
// A recurrent layer goes through the steps of each sequence with a state h that is zero at first.
// What its inputs give the gates, x, is computed before, for all steps at once. With
// q = h · weightᵀ + bias of the state before the step, and σ the sigmoid:
//
//   tanh, relu  h' = tanh(x + q) or max(x + q, 0)
//   lstm        i, f, o = σ(x + q), g = tanh(x + q), c' = f · c + i · g, h' = o · tanh(c')
//   gru         r, z = σ(x + q), n = tanh(x + r · q), h' = (1 - z) · n + z · h
//
// - x: [batch, steps, gates · units], the gates in the order i, f, g, o or r, z, n
// - weight: [gates · units, units], f32 or bf16 as the shape says; bias: [gates · units] or NULL
// - h: [batch, steps, units], the state after each step
// - gates: [batch, steps, gates · units], their values; may be x; NULL for tanh and relu
// - side: [batch, steps, units], the c of lstm, the q of n of gru; NULL for tanh and relu

typedef enum nn_cell {
  NN_CELL_TANH = 0,
  NN_CELL_RELU = 1,
  NN_CELL_LSTM = 2,
  NN_CELL_GRU = 3,
  NN_CELL_COUNT
} nn_cell;

typedef struct nn_scan_shape {
  nn_cell cell;
  int64_t batch, steps, units;
  bool reversed;  // begins at the last step
  nn_operands operands;  // of the products: the weight, and h once it is rounded; units are even
} nn_scan_shape;

typedef struct nn_scan nn_scan;

/// The scratch of scans of a shape; NULL if a size is not positive or there is no memory.
nn_scan *nn_scan_create(const nn_scan_shape *shape);
void nn_scan_destroy(nn_scan *scan);

void nn_scan_run(
  const nn_scan *scan, const float *x, const void *weight, const float *bias, float *h,
  float *gates, float *side);

/// The gradients of x and of q from those of h. They differ for gru alone; dq is NULL for the
/// others. dx may be gates.
void nn_scan_gradient(
  const nn_scan *scan, const void *weight, const float *dh, const float *h, const float *gates,
  const float *side, float *dx, float *dq);

// --------------------------------------------------------------------------------- attention

typedef struct nn_attention {
  int64_t samples, heads, rows, columns;
  float scale;
  bool is_causal;  // row r sees the columns up to r
} nn_attention;

/// y = softmax(scale · x) along the rows, over the columns that may be seen; a row that sees none
/// is zeros.
/// - x, y: [samples, heads, rows, columns], may be the same
/// - mask: [samples, columns], zero for columns that no row of the sample sees; NULL for none
void nn_attention_weights(
  const nn_attention *shape, const float *x, const float *mask, float *y);

/// dx = scale · y · (dy - Σ y · dy), from the weights y; all as x above, dx may be dy.
void nn_attention_weights_gradient(
  const nn_attention *shape, const float *y, const float *dy, float *dx);

/// Turns each pair (x[i], x[half + i]) of a head by the angle of its position.
/// - x, y: [outer, positions, heads, 2 · half], may be the same; cosines, sines: [positions, half]
void nn_rotate_halves(
  const float *x, const float *cosines, const float *sines, float *y, int64_t outer,
  int64_t positions, int64_t heads, int64_t half);

// --------------------------------------------------------------------------- attention of heads
//
// Scaled dot-product attention of several heads, y = softmax(scale · q · kᵀ) · v for each, without
// the matrix of scores: a block of queries at a time. Features of all heads stand in one row, as
// projections leave them; neighbouring heads share keys and values where there are fewer of those.
//
// - q, y: [samples, queries, heads · width]; k, v: [samples, keys, key_heads · width]
// - mask: [samples, keys], zero for keys that no query of the sample sees; NULL for none
// - scales: [samples, heads, 2, queries], the largest score of each query and one over the sum of
//   exp(score - largest), for the way back; zeros for a query that sees nothing, whose y is zero

typedef struct nn_heads_shape {
  int64_t samples, heads, key_heads, queries, keys, width;
  float scale;
  bool is_causal;  // query i sees the keys up to i; there are as many of both
} nn_heads_shape;

typedef struct nn_heads nn_heads;

/// The scratch of attention of a shape, forwards or back; NULL if a size does not fit or there is
/// no memory.
nn_heads *nn_heads_create(const nn_heads_shape *shape, bool goes_back);
void nn_heads_destroy(nn_heads *heads);

/// y may be q.
void nn_heads_run(
  const nn_heads *heads, const float *q, const float *k, const float *v, const float *mask,
  float *y, float *scales);

/// The gradients of q, k and v from that of y. dq may be q, y or dy; dk may be k and dv may be v.
void nn_heads_gradient(
  const nn_heads *heads, const float *q, const float *k, const float *v, const float *mask,
  const float *y, const float *scales, const float *dy, float *dq, float *dk, float *dv);

#ifdef __cplusplus
}
#endif

#endif
