// Writes the loop of a run of simple steps as machine code.
#ifndef NN_TILE_LOOP_H
#define NN_TILE_LOOP_H

#include "include/CKernels.h"
#include "x86_assembler.h"

/// Whether a function is a few instructions, and so may be part of a loop.
bool nn_tile_is_simple(int function);

/// Writes the loop of the steps [first, end), all of them simple.
///
/// False where it takes more registers or bytes than there are; what was written then is void.
bool nn_tile_write_loop(
  nn_assembler *assembler, const nn_tile_program *program, int32_t first, int32_t end);

#endif
