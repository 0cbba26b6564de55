// What a tile program may look like.
#include "kernels.h"
#include "tile_program.h"

static bool is_slot_valid(const nn_slot *slot) {
  if (slot->kind < NN_SLOT_TEMPORARY || slot->kind > NN_SLOT_UNIFORM) return false;
  return slot->kind != NN_SLOT_BROADCAST || (slot->repeat >= 1 && slot->period >= 1);
}

bool nn_tile_program_is_valid(const nn_tile_program *program) {
  if (program->slot_count < 0 || program->slot_count > NN_TILE_MAX_SLOTS) return false;
  if (program->step_count < 0 || program->step_count > NN_TILE_MAX_STEPS) return false;
  if (program->row_elements < 0) return false;
  uint64_t readable = 0;
  int32_t temporaries = 0;
  for (int32_t i = 0; i < program->slot_count; i++) {
    if (!is_slot_valid(&program->slots[i])) return false;
    if (program->slots[i].kind == NN_SLOT_TEMPORARY) temporaries++;
    else readable |= (uint64_t)1 << i;
  }
  if (temporaries != program->temporary_count) return false;
  for (int32_t i = 0; i < program->step_count; i++) {
    const nn_tile_step *step = &program->steps[i];
    if (step->function >= NN_FN_COUNT || step->result >= program->slot_count) return false;
    const uint16_t operands[3] = {step->a, step->b, step->c};
    for (int place = 0; place < nn_operand_count(step->function); place++) {
      if (operands[place] >= program->slot_count) return false;
      if ((readable >> operands[place] & 1) == 0) return false;
    }
    int32_t kind = program->slots[step->result].kind;
    if (kind != NN_SLOT_TEMPORARY && kind != NN_SLOT_ARRAY) return false;
    readable |= (uint64_t)1 << step->result;
  }
  if (program->sum_count < 0 || program->sum_count > NN_TILE_MAX_SUMS) return false;
  for (int32_t i = 0; i < program->sum_count; i++) {
    const nn_tile_sum *sum = &program->sums[i];
    if (sum->slot < 0 || sum->slot >= program->slot_count || sum->period < 1) return false;
    if ((readable >> sum->slot & 1) == 0) return false;
    // The other kinds need not have all elements of a tile side by side.
    int32_t kind = program->slots[sum->slot].kind;
    if (kind != NN_SLOT_TEMPORARY && kind != NN_SLOT_ARRAY) return false;
  }
  return true;
}
