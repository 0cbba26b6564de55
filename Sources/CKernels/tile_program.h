// How many operands a function of a tile program has.
#ifndef NN_TILE_PROGRAM_H
#define NN_TILE_PROGRAM_H

#include "include/CKernels.h"

static inline int nn_operand_count(int function) {
  // The enumeration lists functions by their number of operands.
  return function < NN_FN_ADD ? 1 : function < NN_FN_SELECT ? 2 : 3;
}

#endif
