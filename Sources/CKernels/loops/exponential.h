// exp, expm1 and what follows from them: sigmoid, tanh.
//
// x = n · log 2 + r with |r| <= log(2) / 2, so exp(x) = 2^n · exp(r). The polynomial of
// (exp(r) - 1 - r) / r² is a weighted minimax fit (Lawson's iteration on Chebyshev nodes), its
// coefficients rounded to f32 one after the other, the rest refitted each time; its error is
// 1.4e-8 relative to expm1(r). Largest relative errors measured on 2e6 points against double: exp
// 8.5e-8, expm1 1.2e-7, sigmoid 1.5e-7, tanh 1.8e-7.
#ifndef NN_LOOPS_EXPONENTIAL_H
#define NN_LOOPS_EXPONENTIAL_H

#include "vec.h"

/// 2^n for -126 <= n <= 127, made from its exponent's bits; anything for other n.
NN_INLINE nn_vec nn_power_of_two(nn_int n) { return (nn_vec)(((nn_word)n + 127u) << 23); }

/// r of x = n · log 2 + r. The upper part of log 2 has 15 bits, so n times it is exact.
NN_INLINE nn_vec nn_exp_rest(nn_vec x, nn_vec n) {
  nn_vec r = x - n * 0.693145751953125f;
  return r - n * 1.42860682e-6f;
}

/// exp(r) - 1 for |r| <= log(2) / 2.
NN_INLINE nn_vec nn_expm1_small(nn_vec r) {
  nn_vec p = r * 0.00138699473f + 0.00836625323f;
  p = p * r + 0.0416674428f;
  p = p * r + 0.166665465f;
  p = p * r + 0.49999997f;
  return (p * r) * r + r;
}

NN_INLINE nn_vec nn_exp(nn_vec x) {
  // Beyond these bounds the result is 0 or infinite in any case.
  x = nn_clamp(x, -104.0f, 89.0f);
  nn_vec scaled = x * 1.44269504f;
  nn_int n = nn_round_int(scaled);
  nn_vec r = nn_exp_rest(x, nn_round(scaled));
  // n reaches from -150 to 128, further than one factor's exponent.
  nn_int half = n >> 1;
  return (1.0f + nn_expm1_small(r)) * nn_power_of_two(half) * nn_power_of_two(n - half);
}

/// exp(x) of numbers that are at most 0, as softmax has them, in half the steps: 0 below -87, where
/// the result is less than 2e-38.
NN_INLINE nn_vec nn_exp_below(nn_vec x) {
  nn_vec bounded = nn_select(x < -87.0f, nn_splat(-87.0f), x);
  nn_vec shifted = bounded * 1.44269504f + 12582912.0f;
  nn_vec r = nn_exp_rest(bounded, shifted - 12582912.0f);
  nn_int n = (nn_int)shifted - (nn_int)nn_splat(12582912.0f);
  nn_vec y = (1.0f + nn_expm1_small(r)) * nn_power_of_two(n);
  return nn_select(x < -87.0f, nn_splat(0), y);
}

NN_INLINE nn_vec nn_expm1(nn_vec x) {
  nn_vec bounded = nn_clamp(x, -20.0f, 89.0f);
  nn_vec scaled = bounded * 1.44269504f;
  nn_int n = nn_round_int(scaled);
  nn_vec r = nn_exp_rest(bounded, nn_round(scaled));
  // 2^n (p + 1) - 1, with half of 2^n, because 2^128 would not fit; exact p for n = 0.
  nn_vec half = nn_power_of_two(n - 1);
  nn_vec y = (nn_expm1_small(r) * half + (half - 0.5f)) * 2.0f;
  // Keeps the sign of -0, and denormals.
  return nn_select(nn_absolute(x) < 1e-8f, x, y);
}

NN_INLINE nn_vec nn_sigmoid(nn_vec x) { return 1.0f / (1.0f + nn_exp(-x)); }

NN_INLINE nn_vec nn_tanh(nn_vec x) {
  // With t = expm1(2|x|), tanh |x| = t / (t + 2), without cancellation near 0.
  nn_vec t = nn_expm1(nn_clamp(nn_absolute(x) * 2.0f, 0.0f, 40.0f));
  return nn_or_sign(t / (t + 2.0f), nn_sign_bit(x));
}

#endif
