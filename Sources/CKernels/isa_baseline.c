// The loops for any machine: what the compiler makes of them without a special target.
#include "kernels.h"

#define NN_LEVEL 0
#define NN_TABLE nn_kernels_baseline

#if defined(__clang__)
// All functions that pass vectors are inlined, so how a call would pass them does not matter.
#pragma clang diagnostic ignored "-Wpsabi"
#endif

#include "loops/all.h"
