// Multiply-adds that wait for nothing: as many independent sums as hide an instruction's latency
// and still fit into the registers.
#ifndef NN_LOOPS_PEAK_H
#define NN_LOOPS_PEAK_H

#include "vec.h"

// Of nn_vec, which is one register of AVX-512, two of AVX2 and four of the baseline.
#if NN_LEVEL == 2
#define NN_PEAK_SUMS 16
#elif NN_LEVEL == 1
#define NN_PEAK_SUMS 6
#else
#define NN_PEAK_SUMS 3
#endif

static double nn_loop_peak(int64_t rounds) {
  // One instruction's worth of factor suffices for all parts of a vector.
  const nn_vec factor = nn_splat(0.999f), addend = nn_splat(0.001f);
  nn_vec sum[NN_PEAK_SUMS];
#pragma clang loop unroll(full)
  for (int i = 0; i < NN_PEAK_SUMS; i++) sum[i] = nn_splat((float)i);
  for (int64_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < NN_PEAK_SUMS; i++) sum[i] = sum[i] * factor + addend;
  }
  nn_vec all = sum[0];
#pragma clang loop unroll(full)
  for (int i = 1; i < NN_PEAK_SUMS; i++) all += sum[i];
  // Somebody must want the result, or there would be nothing to compute.
  volatile float wanted = nn_fold(all);
  (void)wanted;
  return (double)rounds * NN_PEAK_SUMS * NN_LANES * 2;
}

#endif
