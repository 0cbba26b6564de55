// The walker of tile programs: tile by tile, it finds where every slot's elements lie and calls
// the loop of every step.
//
// Where a program was compiled, its loops take the place of the steps they were made of. Loops run
// over whole vectors only. The last tile of a run, if it is not a multiple of 16, works
// on copies of its arrays that are padded with zeros; all other tiles work on the arrays
// themselves.
#include <string.h>

#include "kernels.h"
#include "tile_code.h"
#include "tile_program.h"

// A buffer's 16 elements more than a tile keep equal elements of neighbours out of equal sets of
// the cache; uniform numbers come in groups of 64 of which the first may be partly unused.
#define BUFFER_ELEMENTS (NN_TILE_ELEMENTS + 16)
#define UNIFORM_ELEMENTS (NN_TILE_ELEMENTS + 80)

typedef struct walk {
  const nn_kernels *kernels;
  const nn_tile_program *program;
  const nn_tile_code *code;  // NULL for none
  int64_t tile;              // elements of a full tile
  float *const *pointers;
  nn_run_position position;
  float *buffer[NN_TILE_MAX_SLOTS];
  float *operand[NN_TILE_MAX_SLOTS];
  int64_t held[NN_TILE_MAX_SLOTS];  // which part of a broadcast its buffer holds, or -1
  uint64_t reads, writes;           // the slots that some step reads or writes
} walk;

static int64_t padded(int64_t n) { return (n + 15) & ~(int64_t)15; }

/// The elements of a tile: a multiple of sixteen and of all periods, where there is one, so that each
/// tile begins where the periods do.
static int64_t tile_of(const nn_tile_program *program) {
  int64_t common = 16;
  for (int32_t i = 0; i < program->sum_count; i++) {
    int64_t period = program->sums[i].period, a = common, b = period;
    while (b != 0) {
      int64_t rest = a % b;
      a = b;
      b = rest;
    }
    if (period > NN_TILE_ELEMENTS) return NN_TILE_ELEMENTS;
    common = common / a * period;
    if (common > NN_TILE_ELEMENTS) return NN_TILE_ELEMENTS;
  }
  return NN_TILE_ELEMENTS / common * common;
}

/// Chooses how the steps are made, and how many elements at a time.
static void choose(walk *w) {
  w->tile = tile_of(w->program);
  w->reads = w->writes = 0;
#if defined(NN_HAS_X86_LEVELS)
  if (w->kernels == &nn_kernels_avx512) w->code = w->program->code;
#endif
  if (!w->code) {
    nn_tile_uses(w->program, 0, w->program->step_count, &w->reads, &w->writes);
    return;
  }
  w->reads = w->code->reads;
  w->writes = w->code->writes;
  if (!w->code->is_whole || w->program->sum_count > 0) return;
  for (int32_t i = 0; i < w->program->slot_count; i++) {
    int32_t kind = w->program->slots[i].kind;
    if (kind == NN_SLOT_BROADCAST || kind == NN_SLOT_UNIFORM) return;
  }
  // Nothing is kept in buffers, so all elements but the last few are one tile.
  w->tile = INT64_MAX - 15;
}

/// Gives every slot its buffer and fills those whose elements are the same in every tile.
static void start(walk *w, float *storage, int64_t count) {
  memset(w->operand, 0, sizeof w->operand);
  int64_t full = count < NN_TILE_ELEMENTS ? padded(count) : NN_TILE_ELEMENTS;
  for (int32_t i = 0; i < w->program->slot_count; i++) {
    const nn_slot *slot = &w->program->slots[i];
    w->buffer[i] = w->operand[i] = storage;
    w->held[i] = -1;
    // Compiled loops read such slots once.
    int64_t width = w->code && (w->code->walked >> i & 1) == 0 ? 16 : full;
    if (slot->kind == NN_SLOT_CONSTANT) nn_fill(storage, slot->value, width);
    if (slot->kind == NN_SLOT_SCALAR) nn_fill(storage, w->pointers[i][0], width);
    storage += slot->kind == NN_SLOT_UNIFORM ? UNIFORM_ELEMENTS : BUFFER_ELEMENTS;
  }
}

static void place_array(walk *w, int32_t i, int64_t at, int64_t n) {
  float *elements = w->pointers[i] + at;
  if (n % 16 == 0) {
    w->operand[i] = elements;
    return;
  }
  w->operand[i] = w->buffer[i];
  if (w->reads >> i & 1) memcpy(w->buffer[i], elements, sizeof(float) * (size_t)n);
  else memset(w->buffer[i], 0, sizeof(float) * (size_t)n);
  memset(w->buffer[i] + n, 0, sizeof(float) * (size_t)(padded(n) - n));
}

/// A broadcast whose elements change one by one.
static void place_cycle(walk *w, int32_t i, int64_t at, int64_t n) {
  int64_t period = w->program->slots[i].period, phase = at % period;
  float *source = w->pointers[i], *buffer = w->buffer[i];
  if (phase + n <= period) {
    w->operand[i] = source + phase;
    return;
  }
  w->operand[i] = buffer;
  if (w->held[i] == phase) return;
  int64_t first = period - phase;
  memcpy(buffer, source + phase, sizeof(float) * (size_t)first);
  int64_t have = n - first < phase ? n : period;
  memcpy(buffer + first, source, sizeof(float) * (size_t)(have - first));
  // What is there is one whole period; copies of it double what is there.
  while (have < n) {
    int64_t more = n - have < have ? n - have : have;
    memcpy(buffer + have, buffer, sizeof(float) * (size_t)more);
    have += more;
  }
  // Tiles after the first are as long or shorter, so their part is there already.
  w->held[i] = phase;
}

/// A broadcast of runs of equal elements.
static void place_runs(walk *w, int32_t i, int64_t at, int64_t n) {
  const nn_slot *slot = &w->program->slots[i];
  int64_t run = at / slot->repeat, left = slot->repeat - at % slot->repeat;
  int64_t index = run % slot->period;
  float *buffer = w->buffer[i];
  if (left >= n) {
    if (w->held[i] == index) return;
    w->held[i] = index;
    nn_fill(buffer, w->pointers[i][index], n);
    return;
  }
  w->held[i] = -1;
  for (int64_t done = 0; done < n;) {
    int64_t length = left < n - done ? left : n - done;
    float value = w->pointers[i][index];
    for (int64_t j = 0; j < length; j++) buffer[done + j] = value;
    done += length;
    left = slot->repeat;
    if (++index == slot->period) index = 0;
  }
}

static void place_uniform(walk *w, int32_t i, int64_t at, int64_t n) {
  uint64_t element = w->position.first_row * (uint64_t)w->program->row_elements + (uint64_t)at;
  int64_t skipped = (int64_t)(element % 4);
  int64_t counters = padded((skipped + n + 3) / 4);
  w->kernels->uniform(
    w->buffer[i], w->program->slots[i].stream, element / 4, w->position.step, counters);
  w->operand[i] = w->buffer[i] + skipped;
}

static void place_slots(walk *w, int64_t at, int64_t n) {
  for (int32_t i = 0; i < w->program->slot_count; i++) {
    const nn_slot *slot = &w->program->slots[i];
    switch (slot->kind) {
    case NN_SLOT_ARRAY: place_array(w, i, at, n); break;
    case NN_SLOT_BROADCAST:
      if (slot->repeat == 1) place_cycle(w, i, at, padded(n));
      else place_runs(w, i, at, padded(n));
      break;
    case NN_SLOT_UNIFORM: place_uniform(w, i, at, padded(n)); break;
    default: break;
    }
  }
}

/// Copies the results of a padded tile to their arrays.
static void return_arrays(walk *w, int64_t at, int64_t n) {
  for (int32_t i = 0; i < w->program->slot_count; i++) {
    if (w->program->slots[i].kind != NN_SLOT_ARRAY || (w->writes >> i & 1) == 0) continue;
    memcpy(w->pointers[i] + at, w->buffer[i], sizeof(float) * (size_t)n);
  }
}

static double *sums_of(const walk *w, int32_t i) {
  return (double *)(void *)w->pointers[w->program->slot_count + 2 * i + 1];
}

static void start_sums(const walk *w) {
  for (int32_t i = 0; i < w->program->sum_count; i++) {
    memset(sums_of(w, i), 0, sizeof(double) * (size_t)w->program->sums[i].period);
  }
}

static void add_to_sums(const walk *w, int64_t at, int64_t n) {
  for (int32_t i = 0; i < w->program->sum_count; i++) {
    const nn_tile_sum *sum = &w->program->sums[i];
    w->kernels->tile_sum(
      w->operand[sum->slot], n, at % sum->period, sum->period, sums_of(w, i));
  }
}

static void end_sums(const walk *w) {
  for (int32_t i = 0; i < w->program->sum_count; i++) {
    float *result = w->pointers[w->program->slot_count + 2 * i];
    const double *sums = sums_of(w, i);
    for (int64_t j = 0; j < w->program->sums[i].period; j++) result[j] = (float)sums[j];
  }
}

static void make_step(const walk *w, const nn_tile_step *step, int64_t n) {
  // Unused operands may be any number; the mask keeps their look-up inside the table, whose rest
  // is zero.
  const int mask = NN_TILE_MAX_SLOTS - 1;
  w->kernels->step[step->function](
    w->operand[step->result], w->operand[step->a], w->operand[step->b & mask],
    w->operand[step->c & mask], n);
}

static void make_steps(const walk *w, int64_t n) {
  const nn_tile_step *steps = w->program->steps;
  if (!w->code) {
    for (int32_t i = 0; i < w->program->step_count; i++) make_step(w, &steps[i], n);
    return;
  }
  for (int32_t i = 0; i < w->code->stage_count; i++) {
    const nn_tile_stage *stage = &w->code->stages[i];
    if (stage->loop) stage->loop(w->operand, n * (int64_t)sizeof(float));
    else make_step(w, &steps[stage->first], n);
  }
}

void nn_tile_run(
  const nn_tile_program *program, float *const *pointers, int64_t begin, int64_t count,
  nn_run_position position) {
  if (count <= 0 && program->sum_count == 0) return;
  _Alignas(64) float storage[NN_TILE_MAX_SLOTS * UNIFORM_ELEMENTS];
  walk w;
  w.kernels = nn_kernels_in_use();
  w.program = program;
  w.code = NULL;
  w.pointers = pointers;
  w.position = position;
  choose(&w);
  start(&w, storage, count);
  start_sums(&w);
  for (int64_t done = 0; done < count;) {
    int64_t n = count - done < w.tile ? count - done : w.tile;
    // A large tile's ragged end is a tile of its own, because it goes through buffers.
    if (n > NN_TILE_ELEMENTS) n &= ~(int64_t)15;
    place_slots(&w, begin + done, n);
    make_steps(&w, padded(n));
    add_to_sums(&w, begin + done, n);
    if (n % 16 != 0) return_arrays(&w, begin + done, n);
    done += n;
  }
  end_sums(&w);
}
