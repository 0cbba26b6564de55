// The few instructions that compiled tile programs consist of, as bytes: AVX-512 on whole registers
// of sixteen floats, and what a loop needs besides. Encodings are those of Intel's manual, volume 2,
// section 2.7 for the EVEX prefix.
#ifndef NN_X86_ASSEMBLER_H
#define NN_X86_ASSEMBLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Bytes written so far; where they no longer fit `is_full` is set and nothing more is written.
typedef struct nn_assembler {
  uint8_t *bytes;
  size_t size, capacity;
  bool is_full;
} nn_assembler;

/// The general registers by their numbers.
enum { NN_RAX, NN_RCX, NN_RDX, NN_RBX, NN_RSP, NN_RBP, NN_RSI, NN_RDI, NN_R8, NN_R9, NN_R10,
       NN_R11, NN_R12, NN_R13, NN_R14, NN_R15 };

/// An instruction's place in the opcode maps.
typedef struct nn_opcode {
  uint8_t map, prefix, code;
} nn_opcode;

#define NN_OP_ADD ((nn_opcode){1, 0, 0x58})
#define NN_OP_MULTIPLY ((nn_opcode){1, 0, 0x59})
#define NN_OP_SUBTRACT ((nn_opcode){1, 0, 0x5C})
#define NN_OP_DIVIDE ((nn_opcode){1, 0, 0x5E})
#define NN_OP_MINIMUM ((nn_opcode){1, 0, 0x5D})
#define NN_OP_MAXIMUM ((nn_opcode){1, 0, 0x5F})
#define NN_OP_SQRT ((nn_opcode){1, 0, 0x51})
#define NN_OP_AND ((nn_opcode){1, 0, 0x54})
#define NN_OP_AND_NOT ((nn_opcode){1, 0, 0x55})  // ~second & third
#define NN_OP_OR ((nn_opcode){1, 0, 0x56})
#define NN_OP_XOR ((nn_opcode){1, 0, 0x57})
#define NN_OP_COMPARE ((nn_opcode){1, 0, 0xC2})
#define NN_OP_MOVE ((nn_opcode){1, 0, 0x28})
#define NN_OP_LOAD ((nn_opcode){1, 0, 0x10})
#define NN_OP_STORE ((nn_opcode){1, 0, 0x11})
#define NN_OP_BLEND ((nn_opcode){2, 1, 0x65})            // k ? third : second
#define NN_OP_MULTIPLY_ADD_213 ((nn_opcode){2, 1, 0xA8})  // first = second · first + third
#define NN_OP_BROADCAST_EAX ((nn_opcode){2, 1, 0x7C})

/// Predicates of comparisons; all are false for NaN but `differ`.
enum { NN_LESS_EQUAL = 18, NN_GREATER = 30, NN_GREATER_EQUAL = 29, NN_EQUAL = 0, NN_DIFFER = 4,
       NN_DIFFER_ORDERED = 12, NN_UNORDERED = 3 };

static inline void nn_emit(nn_assembler *a, int byte) {
  if (a->size == a->capacity) {
    a->is_full = true;
    return;
  }
  a->bytes[a->size++] = (uint8_t)byte;
}

static inline void nn_emit_32(nn_assembler *a, uint32_t word) {
  for (int shift = 0; shift < 32; shift += 8) nn_emit(a, (int)(word >> shift & 0xff));
}

/// The prefix; the bits of registers beyond the eighth are stored inverted.
static inline void nn_emit_evex(
  nn_assembler *a, nn_opcode op, int reg, int second, bool rm_low, bool rm_high, int mask,
  bool zeroes) {
  nn_emit(a, 0x62);
  nn_emit(
    a, (reg & 8 ? 0 : 0x80) | (rm_high ? 0 : 0x40) | (rm_low ? 0 : 0x20) | (reg & 16 ? 0 : 0x10) |
         op.map);
  nn_emit(a, (~second & 15) << 3 | 4 | op.prefix);
  nn_emit(a, (zeroes ? 0x80 : 0) | 0x40 | (second & 16 ? 0 : 8) | mask);
  nn_emit(a, op.code);
}

/// reg = op(second, third) on registers of sixteen floats; second is 0 where there is none.
static inline void nn_emit_vector(
  nn_assembler *a, nn_opcode op, int reg, int second, int third, int mask, bool zeroes) {
  nn_emit_evex(a, op, reg, second, third & 8, third & 16, mask, zeroes);
  nn_emit(a, 0xC0 | (reg & 7) << 3 | (third & 7));
}

static inline void nn_emit_operation(nn_assembler *a, nn_opcode op, int reg, int second, int third) {
  nn_emit_vector(a, op, reg, second, third, 0, false);
}

/// mask[m] = second compared with third.
static inline void nn_emit_compare(nn_assembler *a, int m, int second, int third, int predicate) {
  nn_emit_vector(a, NN_OP_COMPARE, m, second, third, 0, false);
  nn_emit(a, predicate);
}

/// Loads or stores sixteen floats at base + rcx.
static inline void nn_emit_memory(nn_assembler *a, nn_opcode op, int reg, int base) {
  nn_emit_evex(a, op, reg, 0, base & 8, false, 0, false);
  nn_emit(a, 0x44 | (reg & 7) << 3);
  nn_emit(a, NN_RCX << 3 | (base & 7));
  nn_emit(a, 0);
}

/// reg = sixteen times the float of these bits; changes rax.
static inline void nn_emit_constant(nn_assembler *a, int reg, uint32_t bits) {
  nn_emit(a, 0xB8);
  nn_emit_32(a, bits);
  nn_emit_vector(a, NN_OP_BROADCAST_EAX, reg, 0, NN_RAX, 0, false);
}

/// reg = pointers[index], the pointers at rdi.
static inline void nn_emit_pointer(nn_assembler *a, int reg, int index) {
  nn_emit(a, 0x48 | (reg & 8 ? 4 : 0));
  nn_emit(a, 0x8B);
  nn_emit(a, 0x80 | (reg & 7) << 3 | NN_RDI);
  nn_emit_32(a, (uint32_t)index * 8);
}

static inline void nn_emit_push(nn_assembler *a, int reg) {
  if (reg & 8) nn_emit(a, 0x41);
  nn_emit(a, 0x50 | (reg & 7));
}

static inline void nn_emit_pop(nn_assembler *a, int reg) {
  if (reg & 8) nn_emit(a, 0x41);
  nn_emit(a, 0x58 | (reg & 7));
}

/// rcx = 0
static inline void nn_emit_clear_counter(nn_assembler *a) {
  nn_emit(a, 0x31);
  nn_emit(a, 0xC9);
}

/// rcx += 64, and back to `start` while it is below rsi.
static inline void nn_emit_loop_end(nn_assembler *a, size_t start) {
  const uint8_t add_and_compare[] = {0x48, 0x83, 0xC1, 64, 0x48, 0x39, 0xF1, 0x0F, 0x8C};
  for (size_t i = 0; i < sizeof add_and_compare; i++) nn_emit(a, add_and_compare[i]);
  nn_emit_32(a, (uint32_t)((int64_t)start - (int64_t)(a->size + 4)));
}

/// Back to the caller, the upper halves of the registers clean.
static inline void nn_emit_return(nn_assembler *a) {
  nn_emit(a, 0xC5);
  nn_emit(a, 0xF8);
  nn_emit(a, 0x77);
  nn_emit(a, 0xC3);
}

#endif
