// Sixteen lanes, the unit of every loop: one AVX-512 register, two of AVX2, four of SSE or NEON.
//
// The files in this folder are compiled once for each instruction set: an isa_*.c file sets
// NN_LEVEL and the target, includes all.h and so makes one table of pointers. Everything here is
// static. Sixteen lanes everywhere means that sums are folded in the same order everywhere.
#ifndef NN_LOOPS_VEC_H
#define NN_LOOPS_VEC_H

#include <stdint.h>
#include <string.h>

#define NN_LANES 16
#define NN_INLINE static inline __attribute__((always_inline, unused))

typedef float nn_vec __attribute__((vector_size(64)));
typedef int32_t nn_int __attribute__((vector_size(64)));
typedef uint32_t nn_word __attribute__((vector_size(64)));
typedef double nn_wide __attribute__((vector_size(128)));
typedef uint64_t nn_wide_word __attribute__((vector_size(128)));
typedef float nn_vec_unaligned __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t nn_int_unaligned __attribute__((vector_size(64), aligned(4), may_alias));

NN_INLINE nn_vec nn_load(const float *p) { return *(const nn_vec_unaligned *)p; }
NN_INLINE void nn_store(float *p, nn_vec v) { *(nn_vec_unaligned *)p = v; }
NN_INLINE nn_int nn_load_int(const int32_t *p) { return *(const nn_int_unaligned *)p; }
NN_INLINE void nn_store_int(int32_t *p, nn_int v) { *(nn_int_unaligned *)p = v; }

NN_INLINE nn_vec nn_splat(float v) { return v - (nn_vec){0}; }
NN_INLINE nn_int nn_splat_int(int32_t v) { return v - (nn_int){0}; }

/// Where the mask is all ones a, where it is zero b.
NN_INLINE nn_vec nn_select(nn_int mask, nn_vec a, nn_vec b) {
  return (nn_vec)((mask & (nn_int)a) | (~mask & (nn_int)b));
}

NN_INLINE nn_int nn_select_int(nn_int mask, nn_int a, nn_int b) {
  return (mask & a) | (~mask & b);
}

/// 1 where the mask is all ones, 0 where it is zero.
NN_INLINE nn_vec nn_one_if(nn_int mask) { return (nn_vec)(mask & (nn_int)nn_splat(1)); }

/// Lanes [0, n) of p, 0 < n < 16; the others are zero and their memory is not touched.
NN_INLINE nn_vec nn_load_partial(const float *p, int64_t n) {
#if NN_LEVEL == 2
  return (nn_vec)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#else
  nn_vec v = {0};
  float *lanes = (float *)&v;
  for (int64_t i = 0; i < n; i++) lanes[i] = p[i];
  return v;
#endif
}

NN_INLINE void nn_store_partial(float *p, nn_vec v, int64_t n) {
#if NN_LEVEL == 2
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#else
  const float *lanes = (const float *)&v;
  for (int64_t i = 0; i < n; i++) p[i] = lanes[i];
#endif
}

/// As nn_load_partial where n < 16, else as nn_load.
NN_INLINE nn_vec nn_load_some(const float *p, int64_t n) {
  return n >= NN_LANES ? nn_load(p) : nn_load_partial(p, n);
}

NN_INLINE void nn_store_some(float *p, nn_vec v, int64_t n) {
  if (n >= NN_LANES) nn_store(p, v);
  else nn_store_partial(p, v, n);
}

NN_INLINE nn_int nn_iota(void) {
  return (nn_int){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

NN_INLINE nn_vec nn_absolute(nn_vec x) { return (nn_vec)((nn_int)x & 0x7fffffff); }
NN_INLINE nn_vec nn_sign_bit(nn_vec x) { return (nn_vec)((nn_word)x & 0x80000000u); }
NN_INLINE nn_vec nn_or_sign(nn_vec x, nn_vec sign) { return (nn_vec)((nn_int)x | (nn_int)sign); }

NN_INLINE nn_vec nn_larger(nn_vec a, nn_vec b) {
  return nn_select(a != a, a, nn_select(a > b, a, b));
}

NN_INLINE nn_vec nn_smaller(nn_vec a, nn_vec b) {
  return nn_select(a != a, a, nn_select(a < b, a, b));
}

/// x in [low, high], NaN for NaN.
NN_INLINE nn_vec nn_clamp(nn_vec x, float low, float high) {
  x = nn_select(x < low, nn_splat(low), x);
  return nn_select(x > high, nn_splat(high), x);
}

/// The nearest integer of |x| < 2^22: adding 1.5 · 2^23 pushes the fraction out of the significand.
NN_INLINE nn_vec nn_round(nn_vec x) { return (x + 12582912.0f) - 12582912.0f; }

/// The nearest integer as an int. Unlike a conversion it is defined for NaN, with any value.
NN_INLINE nn_int nn_round_int(nn_vec x) {
  return (nn_int)(x + 12582912.0f) - (nn_int)nn_splat(12582912.0f);
}

NN_INLINE nn_vec nn_floor(nn_vec x) {
  nn_vec magnitude = nn_absolute(x);
  nn_vec whole = nn_or_sign((magnitude + 8388608.0f) - 8388608.0f, nn_sign_bit(x));
  nn_vec below = nn_or_sign(whole - nn_one_if(whole > x), nn_sign_bit(x));
  return nn_select(magnitude < 8388608.0f, below, x);
}

NN_INLINE nn_vec nn_sqrt(nn_vec x) { return __builtin_elementwise_sqrt(x); }

/// The sum of all lanes, always in halves: 8 + 8, 4 + 4, 2 + 2, 1 + 1.
NN_INLINE float nn_fold(nn_vec v) {
  typedef float eight __attribute__((vector_size(32)));
  typedef float four __attribute__((vector_size(16)));
  eight e = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
            __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  four f = __builtin_shufflevector(e, e, 0, 1, 2, 3) + __builtin_shufflevector(e, e, 4, 5, 6, 7);
  return (f[0] + f[2]) + (f[1] + f[3]);
}

/// The largest of all lanes, NaN if any is.
NN_INLINE float nn_fold_larger(nn_vec v) {
  v = nn_larger(v, __builtin_shufflevector(
                     v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  v = nn_larger(v, __builtin_shufflevector(
                     v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  v = nn_larger(v, __builtin_shufflevector(
                     v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  v = nn_larger(v, __builtin_shufflevector(
                     v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  return v[0];
}

NN_INLINE double nn_fold_wide(nn_wide v) {
  double lanes[NN_LANES];
  memcpy(lanes, &v, sizeof lanes);
  for (int half = NN_LANES / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

NN_INLINE nn_wide nn_widen(nn_vec v) { return __builtin_convertvector(v, nn_wide); }
NN_INLINE nn_vec nn_narrow(nn_wide v) { return __builtin_convertvector(v, nn_vec); }

#endif
