// What the dispatched loops look like from outside: one table of pointers for each instruction
// set. The loops themselves are in loops/.
#ifndef NN_KERNELS_H
#define NN_KERNELS_H

#include "include/CKernels.h"

/// The shape of an own matrix product, see loops/product.h.
typedef struct nn_product {
  int64_t batch, m, n, k, a_stride;
  bool transpose_a, transpose_b, rectifies;
} nn_product;

#define NN_PANEL_DEPTH 256
#define NN_PANEL_COLUMNS 32

/// Sixteen elements more than a panel, because transposed blocks are stored whole.
#define NN_PANEL_ELEMENTS ((NN_PANEL_DEPTH + 16) * NN_PANEL_COLUMNS)

/// The most rows of a filter that slides, see loops/sliding_convolution.h.
#define NN_SLIDING_ROWS 7

/// How many sequences a scan goes through at a time.
#define NN_SCAN_ROWS 64

/// A scan's scratch, see loops/recurrent.h. Rows are sixteen elements further apart than they are
/// long.
struct nn_scan {
  nn_scan_shape shape;
  int64_t gates;
  float *panels;   // the packed weight
  float *state;    // rows of [units]
  float *product;  // rows of [gates · units]
  float *carry;    // rows of [units]
  uint16_t *rounded;  // of bf16: rows of [units] or [gates · units], of what a product reads
};

/// How many rows of a normalisation are summed before they go into the pairwise sum.
#define NN_NORM_ROWS 32

/// How many queries of a head go through attention at a time.
#define NN_HEADS_ROWS 64

/// The scratch of attention, see loops/attention_tiles.h. Rows are sixteen elements further apart
/// than they are long. Forwards there are no `values_across`, `keys`, `slopes` and gradients, back
/// there are no `values`.
struct nn_heads {
  nn_heads_shape shape;
  int64_t pitch, reach;                   // between rows of features, and of scores
  float *keys_across, *values_across;     // panels [keys / 32, width, 32]
  float *keys, *values;                   // panels [width / 32, keys, 32]
  float *query, *mixed;                   // rows of [width]
  float *weights, *slopes;                // rows of [keys]
  float *dkeys, *dvalues;                 // [keys, width]
  float *memory;                          // all of it
};

typedef struct nn_kernels {
  void (*step[NN_FN_COUNT])(
    float *r, const float *a, const float *b, const float *c, int64_t n);
  void (*uniform)(float *out, uint64_t key, uint64_t first, uint64_t step, int64_t count);
  void (*tile_sum)(const float *x, int64_t n, int64_t phase, int64_t period, double *sums);
  void (*reduce_sum)(const float *x, float *y, int64_t outer, int64_t middle, int64_t inner);
  void (*reduce_max)(const float *x, float *y, int64_t outer, int64_t middle, int64_t inner);
  double (*sum_of_squares)(const float *x, int64_t n);
  bool (*all_finite)(const float *x, int64_t n);
  void (*add)(float *y, const float *a, const float *b, int64_t n);
  void (*softmax)(const float *x, float *y, int64_t rows, int64_t columns);
  void (*log_softmax)(const float *x, float *y, int64_t rows, int64_t columns);
  void (*softmax_gradient)(
    const float *y, const float *dy, float *dx, int64_t rows, int64_t columns);
  void (*log_softmax_gradient)(
    const float *y, const float *dy, float *dx, int64_t rows, int64_t columns);
  void (*cross_entropy)(
    const float *logits, const int32_t *target, float *loss, int64_t rows, int64_t columns);
  void (*cross_entropy_gradient)(
    const float *logits, const int32_t *target, const float *dloss, float *dlogits,
    int64_t rows, int64_t columns);
  void (*moments)(const float *x, float *out, int64_t rows, int64_t channels);
  double (*peak)(int64_t rounds);
  void (*merge_moments)(float *into, const float *from, int64_t channels);
  void (*max_pool)(const nn_pool *pool, const float *x, float *y, int32_t *argmax);
  void (*max_pool_gradient)(
    const nn_pool *pool, const float *dy, const int32_t *argmax, float *dx);
  void (*avg_pool)(const nn_pool *pool, const float *x, float *y, bool count_include_pad);
  void (*avg_pool_gradient)(
    const nn_pool *pool, const float *dy, float *dx, bool count_include_pad);
  void (*map_axis)(const nn_axis_map *map, const float *x, float *y);
  void (*max_axis)(
    int64_t outer, int64_t in, int64_t out, int64_t inner, const int32_t *begin,
    const int32_t *end, const float *x, float *y, int32_t *place);
  void (*transpose)(const float *x, float *y, int64_t outer, int64_t a, int64_t b);
  void (*round_to_bf16)(const float *x, uint16_t *y, int64_t n);
  void (*product)(
    const nn_product *product, const float *a, const float *b, const float *bias, float *c,
    float *panel);
  void (*direct_convolution)(
    const nn_convolution_shape *shape, const float *x, const float *weight, const float *bias,
    float *y, float *panels, float *image);
  /// NULL where there are too few registers for it, as the next.
  void (*sliding_convolution)(
    const nn_convolution_shape *shape, bool is_gradient, const float *x, const float *weight,
    const float *bias, float *y, float *panels, float *ring);
  void (*sliding_gradient)(
    const nn_convolution_shape *shape, const float *x, const float *dy, float *dw, float *panels);
  void (*attention_weights)(
    const nn_attention *shape, const float *x, const float *mask, float *y);
  void (*attention_gradient)(
    const nn_attention *shape, const float *y, const float *dy, float *dx);
  void (*row_norm)(
    const nn_row_norm *norm, const float *x, const float *gain, const float *offset, float *y,
    float *scales);
  void (*row_norm_gradient)(
    const nn_row_norm *norm, const float *x, const float *gain, const float *scales,
    const float *dy, float *dx, float *dgain, float *doffset, float *scratch);
  void (*attend)(
    const nn_heads *heads, const float *q, const float *k, const float *v, const float *mask,
    float *y, float *scales);
  void (*attend_gradient)(
    const nn_heads *heads, const float *q, const float *k, const float *v, const float *mask,
    const float *y, const float *scales, const float *dy, float *dq, float *dk, float *dv);
  void (*rotate_halves)(
    const float *x, const float *cosines, const float *sines, float *y, int64_t outer,
    int64_t positions, int64_t heads, int64_t half);
  void (*scan)(
    const nn_scan *scan, const float *x, const void *weight, const float *bias, float *h,
    float *gates, float *side);
  void (*scan_gradient)(
    const nn_scan *scan, const void *weight, const float *dh, const float *h,
    const float *gates, const float *side, float *dx, float *dq);
} nn_kernels;

extern const nn_kernels nn_kernels_baseline;
#if defined(__x86_64__) && defined(__clang__)
#define NN_HAS_X86_LEVELS 1
extern const nn_kernels nn_kernels_avx2;
extern const nn_kernels nn_kernels_avx512;
#endif

/// The table in use. Chosen at the first call.
const nn_kernels *nn_kernels_in_use(void);

/// Scratch of the calling thread, at least so many bytes, valid until it asks again. Grows when a
/// thread first asks for more than before, and ends with the thread.
void *nn_thread_scratch(size_t bytes);

/// Packs b: [k, n], stored [n, k] if transposed, into panels [n / 32, k / 2, 32] of pairs. k is even.
/// As the next one, only for processors with products of bf16.
void nn_pack_panels_bf16(const uint16_t *b, int64_t k, int64_t n, bool transposed, float *panels);

/// c = a · b + bias; a: [rows, k], rounded on the way; b: [k, n] in panels; bias: [n] or NULL;
/// c: [rows, n]. Rows are sixteen elements further apart than they are long, `rounded` is scratch of
/// [rows, k + 32].
void nn_panel_product_bf16(
  const float *a, uint16_t *rounded, const float *panels, const float *bias, float *c,
  int64_t rows, int64_t k, int64_t n);

/// Remembers what went wrong for nn_last_error, which returns it to this thread.
void nn_set_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
