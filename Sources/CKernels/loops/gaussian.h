// x · Φ(x) and x · σ(x), the activations of transformers, with their slopes, each as one function:
// as chains of steps they would cost several times more.
//
// Φ(-t) = exp(-t² / 2) · P(u) with u = 1 / (1 + 0.33 t) for t >= 0, the form of Hastings,
// "Approximations for Digital Computers" (1955). P is a weighted minimax fit as in exponential.h, of
// error 1.8e-8 relative to Φ(-t) up to 5.6, beyond which t · Φ(-t) is less than 6e-8. The product
// has no cancellation, where x / 2 · (1 + erf(x / √2)) loses all digits below -5.
#ifndef NN_LOOPS_GAUSSIAN_H
#define NN_LOOPS_GAUSSIAN_H

#include "exponential.h"

/// Φ(x); `density` becomes exp(-x² / 2).
NN_INLINE nn_vec nn_normal(nn_vec x, nn_vec *density) {
  nn_vec t = nn_absolute(x);
  nn_vec u = 1.0f / (1.0f + 0.33f * t);
  nn_vec p = u * 0.046633027493953705f - 0.22560226917266846f;
  p = p * u + 0.34079596400260925f;
  p = p * u - 0.09892098f;
  p = p * u + 0.18642914295196533f;
  p = p * u + 0.11785176396369934f;
  p = p * u + 0.13281336426734924f;
  *density = nn_exp_below(t * t * -0.5f);
  nn_vec below = *density * (p * u);
  return nn_select(x > 0.0f, 1.0f - below, below);
}

NN_INLINE nn_vec nn_gelu(nn_vec x) {
  nn_vec density;
  return x * nn_normal(x, &density);
}

/// Φ(x) + x · φ(x).
NN_INLINE nn_vec nn_gelu_slope(nn_vec x) {
  nn_vec density;
  nn_vec normal = nn_normal(x, &density);
  return normal + x * (density * 0.398942280f);
}

/// σ(x) · (1 + x · (1 - σ(x))), where 1 - σ(x) = exp(-x) · σ(x) without cancellation.
NN_INLINE nn_vec nn_silu_slope(nn_vec x) {
  nn_vec e = nn_exp(nn_select(x < -88.0f, nn_splat(88), -x));
  nn_vec s = 1.0f / (1.0f + e);
  nn_vec y = s + x * (s * (e * s));
  return nn_select(x < -88.0f, x * 0.0f, y);
}

#endif
