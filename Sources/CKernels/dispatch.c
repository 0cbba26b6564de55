// Chooses the instruction set once.
#include <stdatomic.h>

#include "kernels.h"
#include "onednn.h"

static _Atomic(const nn_kernels *) in_use;

int nn_isa_best(void) {
#if defined(NN_HAS_X86_LEVELS)
  __builtin_cpu_init();
  bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
    return NN_ISA_AVX512;
  }
  if (has_avx2) return NN_ISA_AVX2;
#endif
  return NN_ISA_BASELINE;
}

void nn_use_isa(int level) {
  int best = nn_isa_best();
  if (level > best) level = best;
  const nn_kernels *chosen = &nn_kernels_baseline;
#if defined(NN_HAS_X86_LEVELS)
  if (level == NN_ISA_AVX2) chosen = &nn_kernels_avx2;
  if (level == NN_ISA_AVX512) chosen = &nn_kernels_avx512;
#endif
  atomic_store_explicit(&in_use, chosen, memory_order_release);
}

bool nn_pin_isa(int level) {
  static _Atomic int pinned = -1;
  if (atomic_load(&pinned) == level) return true;
  if (level > nn_isa_best() || level < NN_ISA_AVX2) return false;
#ifndef NN_WITHOUT_ONEDNN
  if (!nn_dnn_limit_isa(level == NN_ISA_AVX512)) return false;
#endif
  nn_use_isa(level);
  atomic_store(&pinned, level);
  return true;
}

const nn_kernels *nn_kernels_in_use(void) {
  const nn_kernels *chosen = atomic_load_explicit(&in_use, memory_order_acquire);
  if (chosen) return chosen;
  // Two threads may both come here; they choose the same.
  nn_use_isa(NN_ISA_AVX512);
  return atomic_load_explicit(&in_use, memory_order_acquire);
}

const char *nn_isa_name(void) {
  const nn_kernels *chosen = nn_kernels_in_use();
#if defined(NN_HAS_X86_LEVELS)
  if (chosen == &nn_kernels_avx512) return "avx512";
  if (chosen == &nn_kernels_avx2) return "avx2";
#endif
  (void)chosen;
  return "baseline";
}
