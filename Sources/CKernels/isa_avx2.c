// The loops for x86 processors with AVX2 with fused multiply-add.
#include "kernels.h"

#if defined(NN_HAS_X86_LEVELS)

#include <immintrin.h>
#include <math.h>
#include <string.h>

#define NN_LEVEL 1
#define NN_TABLE nn_kernels_avx2

#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(                                                   \
  __attribute__((target("avx2,fma"))), apply_to = function)

#include "loops/all.h"

#pragma clang attribute pop

#endif
