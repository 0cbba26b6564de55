// The loops for x86 processors with AVX-512.
#include "kernels.h"

#if defined(NN_HAS_X86_LEVELS)

#include <immintrin.h>
#include <math.h>
#include <string.h>

#define NN_LEVEL 2
#define NN_TABLE nn_kernels_avx512

#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(                                                   \
  __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)

#include "loops/all.h"

#pragma clang attribute pop

#endif
