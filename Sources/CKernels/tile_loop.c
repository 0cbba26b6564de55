// Writes loops of tile programs: an element's way through all steps, sixteen at a time. See
// tile_loop.h.
#include "tile_loop.h"

#include "tile_program.h"

#define REGISTERS 32
#define NOWHERE 0xff

/// The state of a loop that is being written.
typedef struct writer {
  nn_assembler *assembler;
  const nn_tile_program *program;
  int32_t first, end;
  bool is_over;      // it takes more registers than there are
  uint32_t free;     // the registers that hold nothing, a bit each
  uint8_t zero, one, sign;
  uint8_t home[NN_TILE_MAX_SLOTS];     // which register holds a slot's value, or NOWHERE
  uint8_t pointer[NN_TILE_MAX_SLOTS];  // which one its address, or NOWHERE
} writer;

bool nn_tile_is_simple(int function) {
  switch (function) {
  case NN_FN_COPY:
  case NN_FN_NEGATE:
  case NN_FN_ABSOLUTE:
  case NN_FN_SIGN:
  case NN_FN_STEP:
  case NN_FN_SQRT:
  case NN_FN_RSQRT:
  case NN_FN_RECIPROCAL:
  case NN_FN_SQUARE:
  case NN_FN_RELU:
  case NN_FN_ADD:
  case NN_FN_SUBTRACT:
  case NN_FN_MULTIPLY:
  case NN_FN_DIVIDE:
  case NN_FN_MAXIMUM:
  case NN_FN_MINIMUM:
  case NN_FN_GREATER:
  case NN_FN_GREATER_EQUAL:
  case NN_FN_EQUAL:
  case NN_FN_SELECT:
  case NN_FN_MULTIPLY_ADD: return true;
  default: return false;
  }
}

static bool reads(const nn_tile_step *step, int slot) {
  int count = nn_operand_count(step->function);
  return step->a == slot || (count > 1 && step->b == slot) || (count > 2 && step->c == slot);
}

/// Whether one of the steps [from, end) reads what a slot holds before them.
static bool is_read_in(const nn_tile_program *p, int slot, int32_t from, int32_t end) {
  for (int32_t i = from; i < end; i++) {
    if (reads(&p->steps[i], slot)) return true;
    if (p->steps[i].result == slot) return false;
  }
  return false;
}

static bool is_written_in(const nn_tile_program *p, int slot, int32_t from, int32_t end) {
  for (int32_t i = from; i < end; i++) {
    if (p->steps[i].result == slot) return true;
  }
  return false;
}

/// Whether what a slot holds before the step `from` is still read or summed.
static bool is_needed_after(const nn_tile_program *p, int slot, int32_t from) {
  if (is_read_in(p, slot, from, p->step_count)) return true;
  if (is_written_in(p, slot, from, p->step_count)) return false;
  for (int32_t i = 0; i < p->sum_count; i++) {
    if (p->sums[i].slot == slot) return true;
  }
  return false;
}

/// Whether all elements of a slot are equal, so that it is loaded once.
static bool is_uniform(const nn_tile_program *p, int slot) {
  return p->slots[slot].kind == NN_SLOT_SCALAR || p->slots[slot].kind == NN_SLOT_CONSTANT;
}

// --------------------------------------------------------------------------------- registers

static int take(writer *w) {
  if (w->free == 0) {
    w->is_over = true;
    return 0;
  }
  int reg = __builtin_ctz(w->free);
  w->free &= w->free - 1;
  return reg;
}

static void release(writer *w, int slot) {
  if (w->home[slot] == NOWHERE) return;
  w->free |= (uint32_t)1 << w->home[slot];
  w->home[slot] = NOWHERE;
}

/// The register of a slot's address: rax, loaded anew each time, where the others are taken.
static int address(writer *w, int slot) {
  if (w->pointer[slot] != NOWHERE) return w->pointer[slot];
  nn_emit_pointer(w->assembler, NN_RAX, slot);
  return NN_RAX;
}

/// The register of an operand, loaded where no step before has done so.
static int operand(writer *w, int slot) {
  if (w->home[slot] == NOWHERE) {
    w->home[slot] = (uint8_t)take(w);
    nn_emit_memory(w->assembler, NN_OP_LOAD, w->home[slot], address(w, slot));
  }
  return w->home[slot];
}

/// Frees the registers of values that no later step of the loop reads.
static void release_after(writer *w, int32_t place) {
  for (int slot = 0; slot < w->program->slot_count; slot++) {
    if (w->home[slot] == NOWHERE) continue;
    // A slot that is the same everywhere is there for the next turn of the loop, too.
    if (is_uniform(w->program, slot)) continue;
    if (!is_read_in(w->program, slot, place + 1, w->end)) release(w, slot);
  }
}

// -------------------------------------------------------------------------------------- steps

static void write_unary(writer *w, int function, int d, int a) {
  nn_assembler *code = w->assembler;
  switch (function) {
  case NN_FN_COPY: nn_emit_operation(code, NN_OP_MOVE, d, 0, a); break;
  case NN_FN_NEGATE: nn_emit_operation(code, NN_OP_XOR, d, a, w->sign); break;
  case NN_FN_ABSOLUTE: nn_emit_operation(code, NN_OP_AND_NOT, d, w->sign, a); break;
  case NN_FN_SQUARE: nn_emit_operation(code, NN_OP_MULTIPLY, d, a, a); break;
  case NN_FN_SQRT: nn_emit_operation(code, NN_OP_SQRT, d, 0, a); break;
  case NN_FN_RECIPROCAL: nn_emit_operation(code, NN_OP_DIVIDE, d, w->one, a); break;
  case NN_FN_RSQRT:
    nn_emit_operation(code, NN_OP_SQRT, d, 0, a);
    nn_emit_operation(code, NN_OP_DIVIDE, d, w->one, d);
    break;
  case NN_FN_STEP:
    nn_emit_compare(code, 1, a, w->zero, NN_GREATER);
    nn_emit_vector(code, NN_OP_MOVE, d, 0, w->one, 1, true);
    break;
  case NN_FN_RELU:
    nn_emit_compare(code, 1, a, w->zero, NN_LESS_EQUAL);
    nn_emit_vector(code, NN_OP_BLEND, d, a, w->zero, 1, false);
    break;
  case NN_FN_SIGN:
    // 0 and NaN are their own signs.
    nn_emit_compare(code, 1, a, w->zero, NN_DIFFER_ORDERED);
    nn_emit_operation(code, NN_OP_AND, d, a, w->sign);
    nn_emit_operation(code, NN_OP_OR, d, d, w->one);
    nn_emit_vector(code, NN_OP_BLEND, d, a, d, 1, false);
    break;
  default: w->is_over = true; break;
  }
}

/// The larger or smaller of two; the instruction gives the second where either is NaN.
static void write_extreme(writer *w, nn_opcode op, int d, int a, int b) {
  nn_emit_operation(w->assembler, op, d, a, b);
  nn_emit_compare(w->assembler, 1, a, a, NN_UNORDERED);
  nn_emit_vector(w->assembler, NN_OP_BLEND, d, d, a, 1, false);
}

static void write_comparison(writer *w, int predicate, int d, int a, int b) {
  nn_emit_compare(w->assembler, 1, a, b, predicate);
  nn_emit_vector(w->assembler, NN_OP_MOVE, d, 0, w->one, 1, true);
}

static void write_binary(writer *w, int function, int d, int a, int b) {
  nn_assembler *code = w->assembler;
  switch (function) {
  case NN_FN_ADD: nn_emit_operation(code, NN_OP_ADD, d, a, b); break;
  case NN_FN_SUBTRACT: nn_emit_operation(code, NN_OP_SUBTRACT, d, a, b); break;
  case NN_FN_MULTIPLY: nn_emit_operation(code, NN_OP_MULTIPLY, d, a, b); break;
  case NN_FN_DIVIDE: nn_emit_operation(code, NN_OP_DIVIDE, d, a, b); break;
  case NN_FN_MAXIMUM: write_extreme(w, NN_OP_MAXIMUM, d, a, b); break;
  case NN_FN_MINIMUM: write_extreme(w, NN_OP_MINIMUM, d, a, b); break;
  case NN_FN_GREATER: write_comparison(w, NN_GREATER, d, a, b); break;
  case NN_FN_GREATER_EQUAL: write_comparison(w, NN_GREATER_EQUAL, d, a, b); break;
  case NN_FN_EQUAL: write_comparison(w, NN_EQUAL, d, a, b); break;
  default: w->is_over = true; break;
  }
}

static void write_ternary(writer *w, int function, int d, int a, int b, int c) {
  nn_assembler *code = w->assembler;
  if (function == NN_FN_SELECT) {
    nn_emit_compare(code, 1, a, w->zero, NN_DIFFER);
    nn_emit_vector(code, NN_OP_BLEND, d, c, b, 1, false);
    return;
  }
  nn_emit_operation(code, NN_OP_MOVE, d, 0, a);
  nn_emit_operation(code, NN_OP_MULTIPLY_ADD_213, d, b, c);
}

static void write_step(writer *w, int32_t place) {
  const nn_tile_program *p = w->program;
  const nn_tile_step *step = &p->steps[place];
  int count = nn_operand_count(step->function);
  int a = operand(w, step->a);
  int b = count > 1 ? operand(w, step->b) : 0;
  int c = count > 2 ? operand(w, step->c) : 0;
  // The result has a register of its own, so that its bits do not depend on which operand ends here.
  int d = take(w);
  if (count == 1) write_unary(w, step->function, d, a);
  if (count == 2) write_binary(w, step->function, d, a, b);
  if (count == 3) write_ternary(w, step->function, d, a, b, c);
  release(w, step->result);
  w->home[step->result] = (uint8_t)d;
  bool is_last = !is_written_in(p, step->result, place + 1, w->end);
  bool is_wanted = p->slots[step->result].kind == NN_SLOT_ARRAY ||
                   is_needed_after(p, step->result, w->end);
  if (is_last && is_wanted) {
    nn_emit_memory(w->assembler, NN_OP_STORE, d, address(w, step->result));
  }
  release_after(w, place);
}

// --------------------------------------------------------------------------------------- loop

static const uint8_t pointer_registers[] = {NN_RDX, NN_R8, NN_R9, NN_R10, NN_R11, NN_RBX,
                                            NN_RBP, NN_R12, NN_R13, NN_R14, NN_R15};
#define POINTER_REGISTERS (int)sizeof pointer_registers
#define FIRST_SAVED 5  // from here on they are the caller's

/// Which slots' memory the loop touches in every turn.
static uint64_t touched_slots(const writer *w) {
  const nn_tile_program *p = w->program;
  uint64_t touched = 0;
  for (int slot = 0; slot < p->slot_count; slot++) {
    if (is_uniform(p, slot)) continue;
    bool is_stored = is_written_in(p, slot, w->first, w->end) &&
                     (p->slots[slot].kind == NN_SLOT_ARRAY ||
                      is_needed_after(p, slot, w->end));
    if (is_stored || is_read_in(p, slot, w->first, w->end)) touched |= (uint64_t)1 << slot;
  }
  return touched;
}

static void load_constants(writer *w) {
  bool needs_zero = false, needs_one = false, needs_sign = false;
  for (int32_t i = w->first; i < w->end; i++) {
    switch (w->program->steps[i].function) {
    case NN_FN_NEGATE:
    case NN_FN_ABSOLUTE: needs_sign = true; break;
    case NN_FN_SIGN: needs_sign = needs_one = needs_zero = true; break;
    case NN_FN_STEP: needs_one = needs_zero = true; break;
    case NN_FN_RELU:
    case NN_FN_SELECT: needs_zero = true; break;
    case NN_FN_RSQRT:
    case NN_FN_RECIPROCAL:
    case NN_FN_GREATER:
    case NN_FN_GREATER_EQUAL:
    case NN_FN_EQUAL: needs_one = true; break;
    default: break;
    }
  }
  if (needs_zero) nn_emit_constant(w->assembler, w->zero = (uint8_t)take(w), 0);
  if (needs_one) nn_emit_constant(w->assembler, w->one = (uint8_t)take(w), 0x3f800000);
  if (needs_sign) nn_emit_constant(w->assembler, w->sign = (uint8_t)take(w), 0x80000000);
}

bool nn_tile_write_loop(
  nn_assembler *assembler, const nn_tile_program *program, int32_t first, int32_t end) {
  writer w = {
    .assembler = assembler, .program = program, .first = first, .end = end,
    .free = 0xffffffff, .zero = NOWHERE, .one = NOWHERE, .sign = NOWHERE};
  memset(w.home, NOWHERE, sizeof w.home);
  memset(w.pointer, NOWHERE, sizeof w.pointer);
  uint64_t touched = touched_slots(&w);
  int pointers = __builtin_popcountll(touched);
  if (pointers > POINTER_REGISTERS) pointers = POINTER_REGISTERS;
  for (int i = FIRST_SAVED; i < pointers; i++) nn_emit_push(assembler, pointer_registers[i]);
  for (int i = 0, slot = 0; i < pointers; slot++) {
    if ((touched >> slot & 1) == 0) continue;
    w.pointer[slot] = pointer_registers[i++];
    nn_emit_pointer(assembler, w.pointer[slot], slot);
  }
  nn_emit_clear_counter(assembler);
  load_constants(&w);
  for (int slot = 0; slot < program->slot_count; slot++) {
    if (is_uniform(program, slot) && is_read_in(program, slot, first, end)) operand(&w, slot);
  }
  size_t start = assembler->size;
  for (int32_t place = first; place < end; place++) write_step(&w, place);
  nn_emit_loop_end(assembler, start);
  for (int i = pointers - 1; i >= FIRST_SAVED; i--) nn_emit_pop(assembler, pointer_registers[i]);
  nn_emit_return(assembler);
  return !w.is_over && !assembler->is_full;
}
