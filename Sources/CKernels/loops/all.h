// Every loop, and the table of them for the instruction set being compiled.
//
// Included by the isa_*.c files alone, which define NN_LEVEL and NN_TABLE.
#include <stdbool.h>
#include <stddef.h>

#include "../kernels.h"
#include "attention.h"
#include "attention_tiles.h"
#include "axis.h"
#include "bfloat16.h"
#include "direct_convolution.h"
#include "moments.h"
#include "norm.h"
#include "peak.h"
#include "pool.h"
#include "product.h"
#include "recurrent.h"
#include "reduce.h"
#include "rows.h"
#if NN_LEVEL == 2
#include "sliding_convolution.h"
#include "sliding_gradient.h"
#endif
#include "tile_steps.h"
#include "tile_sum.h"
#include "transpose.h"
#include "uniform.h"

const nn_kernels NN_TABLE = {
  .step = NN_STEP_TABLE,
  .uniform = nn_loop_uniform,
  .tile_sum = nn_loop_tile_sum,
  .reduce_sum = nn_loop_reduce_sum,
  .reduce_max = nn_loop_reduce_max,
  .sum_of_squares = nn_loop_sum_of_squares,
  .all_finite = nn_loop_all_finite,
  .add = nn_loop_add,
  .softmax = nn_loop_softmax,
  .log_softmax = nn_loop_log_softmax,
  .softmax_gradient = nn_loop_softmax_gradient,
  .log_softmax_gradient = nn_loop_log_softmax_gradient,
  .cross_entropy = nn_loop_cross_entropy,
  .cross_entropy_gradient = nn_loop_cross_entropy_gradient,
  .moments = nn_loop_moments,
  .peak = nn_loop_peak,
  .merge_moments = nn_loop_merge_moments,
  .max_pool = nn_loop_max_pool,
  .max_pool_gradient = nn_loop_max_pool_gradient,
  .avg_pool = nn_loop_avg_pool,
  .avg_pool_gradient = nn_loop_avg_pool_gradient,
  .map_axis = nn_loop_map_axis,
  .max_axis = nn_loop_max_axis,
  .transpose = nn_loop_transpose,
  .round_to_bf16 = nn_loop_round_to_bf16,
  .product = nn_loop_product,
  .direct_convolution = nn_loop_direct_convolution,
#if NN_LEVEL == 2
  .sliding_convolution = nn_loop_sliding_convolution,
  .sliding_gradient = nn_loop_sliding_gradient,
#endif
  .attention_weights = nn_loop_attention_weights,
  .attention_gradient = nn_loop_attention_gradient,
  .row_norm = nn_loop_row_norm,
  .row_norm_gradient = nn_loop_row_norm_gradient,
  .attend = nn_loop_attend,
  .attend_gradient = nn_loop_attend_gradient,
  .rotate_halves = nn_loop_rotate_halves,
  .scan = nn_loop_scan,
  .scan_gradient = nn_loop_scan_gradient,
};
