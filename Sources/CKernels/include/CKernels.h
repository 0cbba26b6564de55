// The kernels of nnc: vector loops dispatched at run time, and matrix products and convolutions
// by oneDNN where it exists.
//
// Rules that hold for every function here:
// - Tensors are dense and row major; shapes stand in brackets, slowest axis first. Elements are
//   f32, indices int32 unless said otherwise, sizes int64.
// - A call runs on the calling thread alone. Objects may be used by one thread at a time.
// - Only functions named create or bind allocate memory.
// - A result depends on the inputs, the sizes and the instruction set (`nn_isa_name`) alone: the
//   order of every sum is fixed by the source. AVX2 and AVX-512 give the same bits, also where
//   the sum is folded from sixteen partial sums; the baseline has no fused multiply-add and may
//   differ in the last bits.
// - Inputs and outputs must not overlap unless the function says that they may.
//
// What this header is not: there is no tensor type, no threads, no shape inference and no check
// of a caller's sizes. Those live in the modules above.
#ifndef NN_CKERNELS_H
#define NN_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CKernelsPeak.h"
#include "CKernelsProducts.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------------------------- dispatch

typedef enum nn_isa { NN_ISA_BASELINE = 0, NN_ISA_AVX2 = 1, NN_ISA_AVX512 = 2 } nn_isa;

/// Pins the kernels of this module to `level`, or to the best this machine has if that is lower.
/// For tests and for bits shared among machines; call it while no kernel runs. oneDNN is not
/// concerned.
void nn_use_isa(int level);

/// Pins the kernels of this module and those of oneDNN to `level` for as long as the process lives.
/// False where the machine does not have it, or another is in use already; call it before anything
/// else.
bool nn_pin_isa(int level);

/// The level in use: "baseline", "avx2" or "avx512".
const char *nn_isa_name(void);

/// The best level this machine has, as an `nn_isa`.
int nn_isa_best(void);

/// Limits OpenMP, and so oneDNN, to one thread in calls from the current thread. Creating and
/// running products and convolutions does it too; workers call it to have it done early.
void nn_single_thread(void);

/// Makes the current thread treat denormal numbers as zero (or not), which saves it from the slow
/// paths of some processors. Returns whether they were flushed before. It changes results below
/// 1.2e-38, so all workers must agree; on other machines than x86 and arm64 it does nothing.
bool nn_flush_denormals(bool flush);

/// What went wrong in the last create or bind call of this thread that returned NULL.
const char *nn_last_error(void);

// ----------------------------------------------------------------------------- tile programs
//
// A tile program is a chain of elementwise functions that runs over memory once: activations,
// losses, their gradients, optimizers. Elements are walked in tiles; a step is one vector loop
// over a tile, temporaries stay in the first-level cache.

#define NN_TILE_ELEMENTS 512
#define NN_TILE_MAX_SLOTS 64
#define NN_TILE_MAX_STEPS 256
#define NN_TILE_MAX_SUMS 8

typedef enum nn_slot_kind {
  NN_SLOT_TEMPORARY = 0,  // lives for one tile; must be written before it is read
  NN_SLOT_ARRAY = 1,      // p[i], read, written or both
  NN_SLOT_BROADCAST = 2,  // p[(i / repeat) % period], read only
  NN_SLOT_SCALAR = 3,     // p[0], read once for each run
  NN_SLOT_CONSTANT = 4,   // value
  NN_SLOT_UNIFORM = 5,    // counter-based random numbers in [0, 1), see nn_philox
} nn_slot_kind;

typedef struct nn_slot {
  int32_t kind;     // nn_slot_kind
  float value;      // of a constant
  int64_t repeat;   // of a broadcast, at least 1
  int64_t period;   // of a broadcast, at least 1; p has `period` elements
  uint64_t stream;  // of uniform numbers: the key
} nn_slot;

typedef enum nn_function {
  // Of one operand, a. Errors relative to the exact result are at most 3e-7. NaN propagates.
  NN_FN_COPY = 0,
  NN_FN_NEGATE,
  NN_FN_ABSOLUTE,
  NN_FN_SIGN,        // -1, 0 or 1
  NN_FN_STEP,        // a > 0 ? 1 : 0, 0 for NaN
  NN_FN_EXP,
  NN_FN_LOG,         // log 0 = -inf, NaN below
  NN_FN_LOG1P,       // log(1 + a), exact near 0
  NN_FN_EXPM1,       // exp(a) - 1, exact near 0
  NN_FN_SQRT,        // correctly rounded
  NN_FN_RSQRT,       // 1 / sqrt(a)
  NN_FN_RECIPROCAL,  // 1 / a
  NN_FN_SQUARE,
  NN_FN_TANH,
  NN_FN_SIGMOID,     // 1 / (1 + exp(-a))
  NN_FN_ERF,
  NN_FN_SOFTPLUS,    // log(1 + exp(a))
  NN_FN_RELU,        // max(a, 0), NaN for NaN
  NN_FN_SIN,         // NaN for infinities
  NN_FN_COS,
  NN_FN_FLOOR,
  NN_FN_GELU,        // a · Φ(a); errors up to 5e-7, or 1e-7 where that is more
  NN_FN_GELU_SLOPE,  // its derivative; the same
  NN_FN_SILU,        // a / (1 + exp(-a))
  NN_FN_SILU_SLOPE,  // its derivative; errors up to 3e-7, or 1.5e-7 where that is more
  // Of two operands, a and b. Comparisons give 1 or 0.
  NN_FN_ADD,
  NN_FN_SUBTRACT,
  NN_FN_MULTIPLY,
  NN_FN_DIVIDE,
  NN_FN_MAXIMUM,  // NaN if either is
  NN_FN_MINIMUM,  // NaN if either is
  NN_FN_GREATER,
  NN_FN_GREATER_EQUAL,
  NN_FN_EQUAL,
  NN_FN_POWER,    // a to the b, with the special cases of C's pow
  // Of three operands.
  NN_FN_SELECT,        // a != 0 ? b : c
  NN_FN_MULTIPLY_ADD,  // a * b + c, fused but for the baseline
  NN_FN_COUNT,
} nn_function;

/// One step: slots[result] = function(slots[a], slots[b], slots[c]). Unused operands are ignored.
/// The result may be an operand too.
typedef struct nn_tile_step {
  uint16_t function, result, a, b, c;
} nn_tile_step;

/// A sum over all elements of a run that have the same place in a period: element i counts to
/// i % period. What a slot holds after the last step is summed.
typedef struct nn_tile_sum {
  int32_t slot;
  int64_t period;  // at least 1
} nn_tile_sum;

/// Machine code for the steps of a program, see nn_tile_compile.
typedef struct nn_tile_code nn_tile_code;

typedef struct nn_tile_program {
  const nn_slot *slots;
  const nn_tile_step *steps;
  int32_t slot_count, step_count;
  int32_t temporary_count;  // how many slots are temporaries
  int64_t row_elements;     // elements of one sample, by which random numbers are counted
  const nn_tile_sum *sums;
  int32_t sum_count;         // at most NN_TILE_MAX_SUMS
  const nn_tile_code *code;  // NULL for none; changes no bits
} nn_tile_program;

/// Where a run stands in training; random numbers depend on it.
typedef struct nn_run_position {
  uint64_t step;
  uint64_t first_row;  // the sample in the whole batch that element 0 of this run belongs to
} nn_run_position;

/// Whether all indices, kinds, functions and limits are in range, no step writes to a slot that
/// cannot be written, and temporaries are written before they are read or summed.
bool nn_tile_program_is_valid(const nn_tile_program *program);

/// Runs a valid program over the elements [begin, begin + count).
///
/// `pointers` has one entry a slot, NULL for temporaries, constants and uniforms; entries point at
/// element 0, not at `begin`. Two slots may have the same memory if neither is read after a step
/// has written the other.
///
/// Behind the slots' come two for each sum: where its results go, [period], and memory for as many
/// doubles while it runs. Sums are of this run alone.
void nn_tile_run(
  const nn_tile_program *program, float *const *pointers, int64_t begin, int64_t count,
  nn_run_position position);

/// Compiles the steps of a valid program, or finds them compiled: programs that differ in nothing but
/// numbers and places share their code. NULL where the machine or the system does not allow it; the
/// program then runs without.
const nn_tile_code *nn_tile_compile(const nn_tile_program *program);

/// Ends one use of code; NULL is none.
void nn_tile_code_release(const nn_tile_code *code);

/// Philox4x32-10: four random words for a key and a counter, low words first.
///
/// Element e = first_row * row_elements + i of a uniform slot is word e % 4 of
/// nn_philox(stream, e / 4, step), its upper 24 bits times 2^-24.
void nn_philox(uint64_t key, uint64_t counter_lo, uint64_t counter_hi, uint32_t out[4]);

// -------------------------------------------------------------------------------- reductions

/// y[outer, inner] = sum over m of x[outer, middle, inner]; pairwise over blocks, so that errors
/// grow with the logarithm of middle.
void nn_reduce_sum(const float *x, float *y, int64_t outer, int64_t middle, int64_t inner);

/// y[outer, inner] = max over m of x[outer, middle, inner]; -inf if middle is 0, NaN if any is.
void nn_reduce_max(const float *x, float *y, int64_t outer, int64_t middle, int64_t inner);

/// The sum of x[i]² over x: [n], in double.
double nn_sum_of_squares(const float *x, int64_t n);

/// Whether x: [n] has neither NaN nor an infinity.
bool nn_all_finite(const float *x, int64_t n);

/// sum[n] += addend[n].
void nn_accumulate(float *sum, const float *addend, int64_t n);

/// out[i] = the sum of parts[0][i] … parts[count - 1][i] for i in [begin, begin + n).
///
/// The sum is one balanced binary tree whose shape depends on count alone: a span is split at the
/// largest power of two below its length. Any thread may take any slice; `out` may be any part.
/// count is at least 1.
void nn_sum_tree(
  float *out, const float *const *parts, int32_t count, int64_t begin, int64_t n);

/// sums[0][i] = sums[0][i] + (sums[1][i] + (… + (sums[count - 1][i] + last[i]))) for i in [0, n).
///
/// That is how a balanced tree goes on when its last part comes and the sums of the subtrees before
/// it are waiting, the largest first. count is at least 1.
void nn_sum_onto(float *const *sums, int32_t count, const float *last, int64_t n);

// -------------------------------------------------------------------------------------- rows
//
// x, y, dx, dy: [rows, columns]. In the functions without index, y may be x and dx may be dy.

void nn_softmax(const float *x, float *y, int64_t rows, int64_t columns);
void nn_log_softmax(const float *x, float *y, int64_t rows, int64_t columns);

/// dx = y · (dy - Σ y · dy), from the softmax's result y.
void nn_softmax_gradient(
  const float *y, const float *dy, float *dx, int64_t rows, int64_t columns);

/// dx = dy - exp(y) · Σ dy, from the log-softmax's result y.
void nn_log_softmax_gradient(
  const float *y, const float *dy, float *dx, int64_t rows, int64_t columns);

/// loss[r] = -log softmax(logits[r])[target[r]].
/// - logits: [rows, columns]; target, loss: [rows]
/// - Where target[r] is below zero, as that of padding is, the loss is 0. It must be below columns:
///   the caller checks, this function does not.
void nn_softmax_cross_entropy(
  const float *logits, const int32_t *target, float *loss, int64_t rows, int64_t columns);

/// dlogits[r, c] = dloss[r] · (softmax(logits[r])[c] - (c == target[r])), 0 where target[r] is below
/// zero.
/// - logits, dlogits: [rows, columns], may be the same; target, dloss: [rows]
void nn_softmax_cross_entropy_gradient(
  const float *logits, const int32_t *target, const float *dloss, float *dlogits, int64_t rows,
  int64_t columns);

/// y[r] = x[r, index[r]], 0 where the index is below zero. x: [rows, columns]; index, y: [rows]; the
/// caller checks that it is below columns.
void nn_pick(const float *x, const int32_t *index, float *y, int64_t rows, int64_t columns);

/// y = 0 but for y[r, index[r]] = value[r] where the index is not below zero. value, index: [rows];
/// y: [rows, columns].
void nn_place(const float *value, const int32_t *index, float *y, int64_t rows, int64_t columns);

// ------------------------------------------------------------------------ normalised rows

typedef struct nn_row_norm {
  int64_t rows, columns;
  float eps;
  bool centres;  // else the mean is taken for zero
} nn_row_norm;

/// y = (x - mean) / sqrt(variance + eps) · gain + offset along the rows; the variance is the mean of
/// (x - mean)².
/// - x, y: [rows, columns], may be the same; gain, offset: [columns], or NULL for ones and zeros
/// - scales: [rows, 2], the mean and one over the deviation, for the way back
void nn_row_norm_run(
  const nn_row_norm *norm, const float *x, const float *gain, const float *offset, float *y,
  float *scales);

/// How many elements of scratch nn_row_norm_gradient takes.
int64_t nn_row_norm_scratch(const nn_row_norm *norm);

/// The gradients of x, of the gain and of the offset; those that are NULL are left out, but dx must
/// be there. dx may be x or dy.
void nn_row_norm_gradient(
  const nn_row_norm *norm, const float *x, const float *gain, const float *scales,
  const float *dy, float *dx, float *dgain, float *doffset, float *scratch);

// ----------------------------------------------------------------------------------- moments

/// Count, mean and sum of squared deviations of each channel.
/// - x: [rows, channels]; out: [3, channels]
void nn_moments(const float *x, float *out, int64_t rows, int64_t channels);

/// Merges the moments of two sets of rows. into, from: [3, channels].
void nn_merge_moments(float *into, const float *from, int64_t channels);

// ----------------------------------------------------------------------------------- pooling
//
// x, dx: [batch, in_h, in_w, channels]; y, dy, argmax: [batch, out_h, out_w, channels].

typedef struct nn_pool {
  int64_t batch, channels, in_h, in_w, out_h, out_w;
  int64_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;
} nn_pool;

/// The largest of each window and its place h * in_w + w. The first of equals wins, the first NaN
/// beats all, padding never wins. Every window must touch the image.
void nn_max_pool(const nn_pool *pool, const float *x, float *y, int32_t *argmax);

/// dx = 0, then dx[argmax] += dy.
void nn_max_pool_gradient(const nn_pool *pool, const float *dy, const int32_t *argmax, float *dx);

/// The mean of each window; divided by the window's size if `count_include_pad`, else by how many
/// of its places lie in the image.
void nn_avg_pool(const nn_pool *pool, const float *x, float *y, bool count_include_pad);

void nn_avg_pool_gradient(const nn_pool *pool, const float *dy, float *dx, bool count_include_pad);

// ----------------------------------------------------------------------------------- one axis
//
// x, dx: [outer, in, inner]; y, dy, place: [outer, out, inner].

/// Each element along an axis as a weighted sum of others: taps [first[o], first[o + 1]) of
/// `source` and `weight` make output o, `fill` is the output that has none. `first` has out + 1
/// entries; sources lie in [0, in).
typedef struct nn_axis_map {
  int64_t outer, in, out, inner;
  const int32_t *first, *source;
  const float *weight;
  float fill;
} nn_axis_map;

/// y[·, o, ·] = Σ weight · x[·, source, ·], the taps in their order.
void nn_map_axis(const nn_axis_map *map, const float *x, float *y);

/// The largest of x[·, begin[o] … end[o] - 1, ·] and where along the axis it was; the first of
/// equals wins, the first NaN beats all. begin, end: [out], no window empty or outside.
void nn_max_axis(
  int64_t outer, int64_t in, int64_t out, int64_t inner, const int32_t *begin, const int32_t *end,
  const float *x, float *y, int32_t *place);

/// dx = 0, then dx[·, place, ·] += dy.
void nn_max_axis_gradient(
  int64_t outer, int64_t in, int64_t out, int64_t inner, const float *dy, const int32_t *place,
  float *dx);

// ----------------------------------------------------------------------------- data movement

/// y[outer, b, a] = x[outer, a, b].
void nn_transpose(const float *x, float *y, int64_t outer, int64_t a, int64_t b);

/// out[r] = table[index[r]], zeros where the table has no such row.
/// table: [table_rows, columns]; index: [rows]; out: [rows, columns].
void nn_gather_rows(
  const float *table, const int32_t *index, float *out, int64_t rows, int64_t columns,
  int64_t table_rows);

/// table = onto, or 0 where that is NULL, then table[index[r]] += x[r], in the order of r. Rows that
/// the table does not have, and the one called `skipped` (-1 for none), are left out. onto may be
/// the table.
void nn_scatter_add_rows(
  const float *x, const int32_t *index, const float *onto, float *table, int64_t rows,
  int64_t columns, int64_t table_rows, int64_t skipped);

/// Copies `outer` runs of `run` elements: y[o * y_stride + i] = x[o * x_stride + i].
void nn_copy_strided(
  const float *x, float *y, int64_t outer, int64_t x_stride, int64_t y_stride, int64_t run);

/// y[n] = x[n] as bf16, rounded to nearest, halves to even. NaN stays NaN; what is smaller than any
/// normal number becomes zero of its sign, as the processor's products of bf16 take it to be.
void nn_round_to_bf16(const float *x, uint16_t *y, int64_t n);

/// y[n] = value.
void nn_fill(float *y, float value, int64_t n);

#ifdef __cplusplus
}
#endif

#endif
