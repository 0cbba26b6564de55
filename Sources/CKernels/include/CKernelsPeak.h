// What the processor could do at most: multiply-adds that wait for nothing. For the benchmark and
// for the calibration of predicted times; included by CKernels.h.
#ifndef NN_CKERNELS_PEAK_H
#define NN_CKERNELS_PEAK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum nn_peak_kind {
  NN_PEAK_F32 = 0,   // f32 times f32, added to f32
  NN_PEAK_BF16 = 1,  // pairs of bf16, their products added to f32
} nn_peak_kind;

/// Runs `rounds` rounds of multiply-adds in registers and returns how many operations they were,
/// two for each multiply-add; 0 where the processor has no instruction for the kind. The caller
/// takes the time; a round is some nanoseconds.
double nn_peak_burst(nn_peak_kind kind, int64_t rounds);

#ifdef __cplusplus
}
#endif

#endif
