// The processor's peak; f32 in loops/peak.h for each instruction set, bf16 here, because AVX-512
// does not always have it.
#include "kernels.h"

#if defined(NN_HAS_X86_LEVELS)

#include <immintrin.h>

#define SUMS 16

__attribute__((target("avx512f,avx512bf16"))) static double bf16_burst(int64_t rounds) {
  const __m512bh one = (__m512bh)_mm512_set1_epi16(0x3f80);
  __m512 sum[SUMS];
#pragma clang loop unroll(full)
  for (int i = 0; i < SUMS; i++) sum[i] = _mm512_setzero_ps();
  for (int64_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < SUMS; i++) sum[i] = _mm512_dpbf16_ps(sum[i], one, one);
    // The sums are alike, and a compiler that saw it would compute one.
#pragma clang loop unroll(full)
    for (int i = 0; i < SUMS; i++) __asm__ volatile("" : "+v"(sum[i]));
  }
  __m512 all = sum[0];
#pragma clang loop unroll(full)
  for (int i = 1; i < SUMS; i++) all = _mm512_add_ps(all, sum[i]);
  volatile float wanted = _mm512_reduce_add_ps(all);
  (void)wanted;
  // Sixteen lanes of two products each.
  return (double)rounds * SUMS * 16 * 2 * 2;
}

static double bf16(int64_t rounds) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bf16") ? bf16_burst(rounds) : 0;
}

#else

static double bf16(int64_t rounds) {
  (void)rounds;
  return 0;
}

#endif

double nn_peak_burst(nn_peak_kind kind, int64_t rounds) {
  return kind == NN_PEAK_BF16 ? bf16(rounds) : nn_kernels_in_use()->peak(rounds);
}
