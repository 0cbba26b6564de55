// Machine code for tile programs: runs of simple steps become one loop in which values stay in
// registers instead of going through the first-level cache from step to step.
//
// Only for AVX-512 on x86-64 Linux. Everywhere else, and for the functions that are long formulas
// themselves, the walker of tile_run.c calls the loops of tile_steps.h; both give the same bits.
#ifndef NN_TILE_CODE_H
#define NN_TILE_CODE_H

#include "kernels.h"

/// operands: [slots], where each slot's part begins; bytes: a multiple of 64, at least 64.
typedef void (*nn_tile_loop)(float *const *operands, int64_t bytes);

/// A part of a program: a loop for the steps [first, end), or one step that the walker makes.
typedef struct nn_tile_stage {
  nn_tile_loop loop;  // NULL for the walker
  int32_t first, end;
} nn_tile_stage;

struct nn_tile_code {
  int32_t stage_count;
  uint64_t reads, writes;  // the slots that some step reads or writes
  uint64_t walked;         // the slots that the walker's steps read
  bool is_whole;           // one loop makes all steps
  nn_tile_stage stages[NN_TILE_MAX_STEPS];
};

/// The slots that steps [first, end) read and write.
void nn_tile_uses(
  const nn_tile_program *program, int32_t first, int32_t end, uint64_t *reads, uint64_t *writes);

#endif
