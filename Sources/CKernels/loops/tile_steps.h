// The loop of every function of a tile program.
//
// r, a, b, c: [n], n a multiple of 16; the walker pads tiles, so no loop here has a remainder.
// r may be any operand.
#ifndef NN_LOOPS_TILE_STEPS_H
#define NN_LOOPS_TILE_STEPS_H

#include "error_function.h"
#include "gaussian.h"
#include "power.h"
#include "trigonometry.h"

#define NN_STEP(name, loads, expression)                                                  \
  static void nn_step_##name(                                                             \
    float *r, const float *pa, const float *pb, const float *pc, int64_t n) {             \
    (void)pb, (void)pc;                                                                   \
    for (int64_t i = 0; i < n; i += NN_LANES) {                                           \
      loads nn_store(r + i, expression);                                                  \
    }                                                                                     \
  }

#define NN_UNARY(name, expression) NN_STEP(name, nn_vec a = nn_load(pa + i);, expression)

#define NN_BINARY(name, expression) \
  NN_STEP(name, nn_vec a = nn_load(pa + i); nn_vec b = nn_load(pb + i);, expression)

#define NN_TERNARY(name, expression)                                                      \
  NN_STEP(name, nn_vec a = nn_load(pa + i); nn_vec b = nn_load(pb + i);                   \
          nn_vec c = nn_load(pc + i);, expression)

NN_UNARY(copy, a)
NN_UNARY(negate, -a)
NN_UNARY(absolute, nn_absolute(a))
// 0 and NaN are their own signs.
NN_UNARY(sign, nn_select((a > 0.0f) | (a < 0.0f), nn_or_sign(nn_splat(1), nn_sign_bit(a)), a))
NN_UNARY(step, nn_one_if(a > 0.0f))
NN_UNARY(exp, nn_exp(a))
NN_UNARY(log, nn_log(a))
NN_UNARY(log1p, nn_log1p(a))
NN_UNARY(expm1, nn_expm1(a))
NN_UNARY(sqrt, nn_sqrt(a))
NN_UNARY(rsqrt, 1.0f / nn_sqrt(a))
NN_UNARY(reciprocal, 1.0f / a)
NN_UNARY(square, a *a)
NN_UNARY(tanh, nn_tanh(a))
NN_UNARY(sigmoid, nn_sigmoid(a))
NN_UNARY(erf, nn_erf(a))
NN_UNARY(softplus, nn_softplus(a))
NN_UNARY(relu, nn_select(a <= 0.0f, nn_splat(0), a))
NN_UNARY(sin, nn_sin(a))
NN_UNARY(cos, nn_cos(a))
NN_UNARY(floor, nn_floor(a))
NN_UNARY(gelu, nn_gelu(a))
NN_UNARY(gelu_slope, nn_gelu_slope(a))
NN_UNARY(silu, a *nn_sigmoid(a))
NN_UNARY(silu_slope, nn_silu_slope(a))
NN_BINARY(add, a + b)
NN_BINARY(subtract, a - b)
NN_BINARY(multiply, a *b)
NN_BINARY(divide, a / b)
NN_BINARY(maximum, nn_larger(a, b))
NN_BINARY(minimum, nn_smaller(a, b))
NN_BINARY(greater, nn_one_if(a > b))
NN_BINARY(greater_equal, nn_one_if(a >= b))
NN_BINARY(equal, nn_one_if(a == b))
NN_BINARY(power, nn_pow(a, b))
NN_TERNARY(select, nn_select(a != 0.0f, b, c))
NN_TERNARY(multiply_add, a *b + c)

#undef NN_STEP
#undef NN_UNARY
#undef NN_BINARY
#undef NN_TERNARY

#define NN_STEP_TABLE                                                                     \
  {                                                                                       \
    [NN_FN_COPY] = nn_step_copy, [NN_FN_NEGATE] = nn_step_negate,                         \
    [NN_FN_ABSOLUTE] = nn_step_absolute, [NN_FN_SIGN] = nn_step_sign,                     \
    [NN_FN_STEP] = nn_step_step, [NN_FN_EXP] = nn_step_exp, [NN_FN_LOG] = nn_step_log,    \
    [NN_FN_LOG1P] = nn_step_log1p, [NN_FN_EXPM1] = nn_step_expm1,                         \
    [NN_FN_SQRT] = nn_step_sqrt, [NN_FN_RSQRT] = nn_step_rsqrt,                           \
    [NN_FN_RECIPROCAL] = nn_step_reciprocal, [NN_FN_SQUARE] = nn_step_square,             \
    [NN_FN_TANH] = nn_step_tanh, [NN_FN_SIGMOID] = nn_step_sigmoid,                       \
    [NN_FN_ERF] = nn_step_erf, [NN_FN_SOFTPLUS] = nn_step_softplus,                       \
    [NN_FN_RELU] = nn_step_relu, [NN_FN_SIN] = nn_step_sin, [NN_FN_COS] = nn_step_cos,    \
    [NN_FN_FLOOR] = nn_step_floor, [NN_FN_GELU] = nn_step_gelu,                           \
    [NN_FN_GELU_SLOPE] = nn_step_gelu_slope, [NN_FN_SILU] = nn_step_silu,                 \
    [NN_FN_SILU_SLOPE] = nn_step_silu_slope, [NN_FN_ADD] = nn_step_add,                   \
    [NN_FN_SUBTRACT] = nn_step_subtract, [NN_FN_MULTIPLY] = nn_step_multiply,             \
    [NN_FN_DIVIDE] = nn_step_divide, [NN_FN_MAXIMUM] = nn_step_maximum,                   \
    [NN_FN_MINIMUM] = nn_step_minimum, [NN_FN_GREATER] = nn_step_greater,                 \
    [NN_FN_GREATER_EQUAL] = nn_step_greater_equal, [NN_FN_EQUAL] = nn_step_equal,         \
    [NN_FN_POWER] = nn_step_power, [NN_FN_SELECT] = nn_step_select,                       \
    [NN_FN_MULTIPLY_ADD] = nn_step_multiply_add,                                          \
  }

#endif
