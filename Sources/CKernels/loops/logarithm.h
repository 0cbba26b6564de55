// log, log1p and softplus.
//
// x = 2^e · (1 + f) with 1 + f in [√½, √2), and log(1 + f) = f - f²/2 + f³ P(f). P is a weighted
// minimax fit as in exponential.h, of error 5.8e-9 relative to log(1 + f). Measured on 2e6 points
// against double: log 7.8e-8, log1p 1.4e-7, softplus 1.8e-7.
#ifndef NN_LOOPS_LOGARITHM_H
#define NN_LOOPS_LOGARITHM_H

#include "exponential.h"

#define NN_INFINITY __builtin_inff()

/// Takes x > 0 apart: x = 2^e · m with m in [√½, √2), also where x is denormal.
NN_INLINE nn_vec nn_split_exponent(nn_vec x, nn_int *e) {
  nn_int is_denormal = x < 1.17549435e-38f;
  x = nn_select(is_denormal, x * 8388608.0f, x);
  // Counting from the bits of √½ makes the exponent's field step at √½ · 2^e.
  nn_word bits = (nn_word)x - 0x3f3504f3u;
  *e = ((nn_int)bits >> 23) - (is_denormal & 23);
  return (nn_vec)((bits & 0x007fffffu) + 0x3f3504f3u);
}

NN_INLINE nn_vec nn_log(nn_vec x) {
  nn_int e;
  nn_vec f = nn_split_exponent(x, &e) - 1.0f;
  nn_vec n = __builtin_convertvector(e, nn_vec);
  nn_vec p = f * -0.0763643906f + 0.127622172f;
  p = p * f - 0.131596103f;
  p = p * f + 0.1420158f;
  p = p * f - 0.166234091f;
  p = p * f + 0.200012416f;
  p = p * f - 0.250008196f;
  p = p * f + 0.333333313f;
  nn_vec square = f * f;
  // From the smallest to the largest; the upper part of log 2 times n is exact.
  nn_vec y = p * f * square;
  y = y + n * 1.42860682e-6f;
  y = y - 0.5f * square;
  y = (y + f) + n * 0.693145751953125f;
  y = nn_select(x == NN_INFINITY, x, y);
  y = nn_select(x == 0.0f, nn_splat(-NN_INFINITY), y);
  y = nn_select(x < 0.0f, nn_splat(__builtin_nanf("")), y);
  return nn_select(x != x, x, y);
}

NN_INLINE nn_vec nn_log1p(nn_vec x) {
  nn_vec u = 1.0f + x;
  // What rounding took from u is given back through the derivative of log.
  nn_vec lost = x - (u - 1.0f);
  nn_vec y = nn_log(u) + nn_select((u > 0.0f) & (u < NN_INFINITY), lost / u, nn_splat(0));
  return nn_select(nn_absolute(x) < 1e-8f, x, y);
}

NN_INLINE nn_vec nn_softplus(nn_vec x) {
  // log(1 + exp x) = max(x, 0) + log(1 + exp -|x|), which cannot overflow.
  return nn_select(x <= 0.0f, nn_splat(0), x) + nn_log1p(nn_exp(-nn_absolute(x)));
}

#endif
