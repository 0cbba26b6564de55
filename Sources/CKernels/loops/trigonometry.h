// sin and cos.
//
// The argument is brought to [-π/4, π/4] in double, where n times the upper part of π/2 (33 bits)
// is exact for |x| <= 1e6; the rare lanes beyond go to the C library. Both polynomials are
// weighted minimax fits as in exponential.h, of errors 4e-9 (relative) and 1e-10. Measured on 2e6
// points in ±1e6 against double: 1.5e-7 relative.
#ifndef NN_LOOPS_TRIGONOMETRY_H
#define NN_LOOPS_TRIGONOMETRY_H

#include <math.h>

#include "vec.h"

/// sin(x + quarters · π/2).
NN_INLINE nn_vec nn_sine(nn_vec x, int32_t quarters) {
  // Infinities become NaN here, by ∞ - ∞, as they should.
  nn_vec bounded = nn_select(nn_absolute(x) <= 1e6f, x, x - x);
  nn_vec n = nn_round(bounded * 0.636619772f);
  nn_int quadrant = nn_round_int(bounded * 0.636619772f) + quarters;
  nn_wide wide = nn_widen(n);
  nn_vec r = nn_narrow(
    nn_widen(bounded) - wide * 1.57079632673412561417e0 - wide * 6.07710050650619224932e-11);
  nn_vec t = r * r;
  nn_vec s = t * -0.000195179076f + 0.00833218731f;
  s = s * t - 0.166666552f;
  s = s * t * r + r;
  nn_vec c = t * 2.44306702e-5f - 0.00138873013f;
  c = c * t + 0.0416666456f;
  c = c * t * t - 0.5f * t + 1.0f;
  nn_vec y = nn_select((quadrant & 1) != 0, c, s);
  return (nn_vec)((nn_int)y ^ ((quadrant & 2) << 30));
}

NN_INLINE nn_vec nn_sine_anywhere(nn_vec x, int32_t quarters) {
  nn_vec y = nn_sine(x, quarters);
  nn_int is_far = (nn_absolute(x) > 1e6f) & (nn_absolute(x) < __builtin_inff());
  int32_t far = 0;
  for (int i = 0; i < NN_LANES; i++) far |= is_far[i];
  if (far == 0) return y;
  for (int i = 0; i < NN_LANES; i++) {
    if (is_far[i] == 0) continue;
    y[i] = (float)(quarters == 0 ? sin((double)x[i]) : cos((double)x[i]));
  }
  return y;
}

NN_INLINE nn_vec nn_sin(nn_vec x) {
  // Keeps the sign of -0.
  return nn_select(nn_absolute(x) < 1e-8f, x, nn_sine_anywhere(x, 0));
}

NN_INLINE nn_vec nn_cos(nn_vec x) { return nn_sine_anywhere(x, 1); }

#endif
