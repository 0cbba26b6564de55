// a to the b, as 2^(b · log2 |a|) in double, because b multiplies the logarithm's error.
//
// Both series are Taylor's, truncated where their rest is below 1e-11: log2(m) by the area tangent
// of (m - 1) / (m + 1), and 2^f by exp. Measured on 2e6 points against double: 6e-8.
#ifndef NN_LOOPS_POWER_H
#define NN_LOOPS_POWER_H

#include "logarithm.h"

NN_INLINE nn_wide nn_log2_wide(nn_vec x) {
  nn_int e;
  nn_wide m = nn_widen(nn_split_exponent(x, &e));
  nn_wide s = (m - 1.0) / (m + 1.0);
  nn_wide t = s * s;
  nn_wide p = t * (1.0 / 13) + 1.0 / 11;
  p = p * t + 1.0 / 9;
  p = p * t + 1.0 / 7;
  p = p * t + 1.0 / 5;
  p = p * t + 1.0 / 3;
  p = p * t + 1.0;
  return p * s * 2.88539008177792681472 + nn_widen(__builtin_convertvector(e, nn_vec));
}

/// 2^y; y must not be further from 0 than 200.
NN_INLINE nn_vec nn_exp2_wide(nn_wide y) {
  nn_vec n = nn_round(nn_narrow(y));
  nn_int whole = nn_round_int(nn_narrow(y));
  nn_wide r = (y - nn_widen(n)) * 0.69314718055994530942;
  nn_wide p = r * (1.0 / 362880) + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  nn_int half = whole >> 1;
  return nn_narrow(p) * nn_power_of_two(half) * nn_power_of_two(whole - half);
}

NN_INLINE nn_vec nn_pow(nn_vec a, nn_vec b) {
  nn_vec magnitude = nn_absolute(a);
  nn_vec bound = nn_absolute(b);
  nn_int is_plain = (magnitude > 0.0f) & (magnitude < NN_INFINITY) & (bound < NN_INFINITY);
  // Where all is finite the product is b · log2 |a|; elsewhere only its sign counts.
  nn_vec plain_base = nn_select(is_plain, magnitude, nn_splat(1));
  nn_wide product = nn_log2_wide(plain_base) * nn_widen(nn_select(is_plain, b, nn_splat(0)));
  nn_wide_word exceeds = (nn_wide_word)(product > 200.0);
  nn_wide_word falls_short = (nn_wide_word)(product < -200.0);
  nn_wide high = 200.0 - (nn_wide){0};
  nn_wide low = -200.0 - (nn_wide){0};
  product = (nn_wide)((exceeds & (nn_wide_word)high) | (falls_short & (nn_wide_word)low) |
                      (~(exceeds | falls_short) & (nn_wide_word)product));
  nn_vec y = nn_exp2_wide(product);

  // A base or an exponent at 0 or infinity: 0 or infinite by the direction, 1 for |a| = 1.
  nn_int grows = ((magnitude > 1.0f) & (b > 0.0f)) | ((magnitude < 1.0f) & (b < 0.0f));
  nn_vec extreme = nn_select(grows, nn_splat(NN_INFINITY), nn_splat(0));
  extreme = nn_select(magnitude == 1.0f, nn_splat(1), extreme);
  y = nn_select(is_plain, y, extreme);

  // A negative base wants a whole exponent, and an odd one keeps the sign.
  nn_int is_whole = nn_floor(b) == b;
  nn_int is_odd = is_whole & (bound < 16777216.0f) & (nn_floor(b * 0.5f) * 2.0f != b);
  y = nn_select(is_odd, nn_or_sign(y, nn_sign_bit(a)), y);
  nn_int is_undefined = (a < 0.0f) & (a > -NN_INFINITY) & ~is_whole & (bound < NN_INFINITY);
  y = nn_select(is_undefined | (a != a) | (b != b), nn_splat(__builtin_nanf("")), y);
  return nn_select((b == 0.0f) | (a == 1.0f), nn_splat(1), y);
}

#endif
