// Products of bf16 for x86 processors with AVX-512 and its extension for them: those of recurrent
// scans, which oneDNN does not know. All others are oneDNN's.
#include "kernels.h"

#if defined(NN_HAS_X86_LEVELS)

#include <immintrin.h>
#include <string.h>

#define NN_LEVEL 2

#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(                                                                 \
  __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512bf16,avx2,fma"))),          \
  apply_to = function)

#include "loops/panel_bf16.h"

#pragma clang attribute pop

#endif
