// Compiles tile programs, each once however many shards and layers have it. See tile_code.h.
#include "tile_code.h"

#include <pthread.h>
#include <stdlib.h>

#include "tile_program.h"

void nn_tile_uses(
  const nn_tile_program *program, int32_t first, int32_t end, uint64_t *reads, uint64_t *writes) {
  for (int32_t i = first; i < end; i++) {
    const nn_tile_step *step = &program->steps[i];
    int count = nn_operand_count(step->function);
    *reads |= (uint64_t)1 << step->a;
    if (count > 1) *reads |= (uint64_t)1 << step->b;
    if (count > 2) *reads |= (uint64_t)1 << step->c;
    *writes |= (uint64_t)1 << step->result;
  }
}

#if defined(NN_HAS_X86_LEVELS) && defined(__linux__)

#include <sys/mman.h>

#include "tile_loop.h"

#define CODE_BYTES 65536
#define NO_LOOP SIZE_MAX

/// Compiled code with the program it is of, in a list of all that are in use. The code depends on
/// the kinds of the slots, on the steps and on which slots are summed.
typedef struct entry {
  nn_tile_code code;  // first, so that its address is the entry's
  struct entry *next;
  int64_t users;
  void *memory;
  size_t size;
  size_t places[NN_TILE_MAX_STEPS];  // of the stages' loops, or NO_LOOP
  int32_t slot_count, step_count, sum_count;
  uint8_t kinds[NN_TILE_MAX_SLOTS];
  nn_tile_step steps[NN_TILE_MAX_STEPS];
  int32_t summed[NN_TILE_MAX_SUMS];
} entry;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static entry *entries;

static bool is_of(const entry *e, const nn_tile_program *p) {
  if (e->slot_count != p->slot_count || e->step_count != p->step_count) return false;
  for (int32_t i = 0; i < p->slot_count; i++) {
    if (e->kinds[i] != p->slots[i].kind) return false;
  }
  if (e->sum_count != p->sum_count) return false;
  for (int32_t i = 0; i < p->sum_count; i++) {
    if (e->summed[i] != p->sums[i].slot) return false;
  }
  return memcmp(e->steps, p->steps, sizeof *p->steps * (size_t)p->step_count) == 0;
}

/// The end of the longest run of simple steps from `first` on that fits the registers, its loop
/// written; `first` where there is none of two steps at least.
static int32_t write_longest(nn_assembler *a, const nn_tile_program *p, int32_t first) {
  int32_t end = first;
  while (end < p->step_count && nn_tile_is_simple(p->steps[end].function)) end++;
  const size_t size = a->size;
  for (; end >= first + 2; end--) {
    if (nn_tile_write_loop(a, p, first, end)) return end;
    a->size = size;
    a->is_full = false;
  }
  return first;
}

static void write_stages(entry *e, nn_assembler *a, const nn_tile_program *p) {
  nn_tile_code *code = &e->code;
  for (int32_t i = 0; i < p->step_count;) {
    size_t place = a->size;
    int32_t end = write_longest(a, p, i);
    if (end == i) {
      uint64_t ignored = 0;
      nn_tile_uses(p, i, i + 1, &code->walked, &ignored);
      place = NO_LOOP;
      end++;
    }
    e->places[code->stage_count] = place;
    code->stages[code->stage_count++] = (nn_tile_stage){.first = i, .end = end};
    i = end;
  }
  code->is_whole = code->stage_count == 1 && e->places[0] != NO_LOOP;
}

/// Moves what was written to memory that can be run but not changed.
static bool settle(entry *e, const nn_assembler *a) {
  e->size = a->size;
  e->memory = mmap(NULL, a->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (e->memory == MAP_FAILED) return false;
  memcpy(e->memory, a->bytes, a->size);
  if (mprotect(e->memory, a->size, PROT_READ | PROT_EXEC) != 0) {
    munmap(e->memory, a->size);
    return false;
  }
  for (int32_t i = 0; i < e->code.stage_count; i++) {
    if (e->places[i] == NO_LOOP) continue;
    e->code.stages[i].loop = (nn_tile_loop)(void *)((char *)e->memory + e->places[i]);
  }
  return true;
}

static entry *made(const nn_tile_program *p) {
  entry *e = calloc(1, sizeof *e);
  uint8_t *bytes = malloc(CODE_BYTES);
  bool is_made = false;
  if (e && bytes) {
    e->slot_count = p->slot_count;
    e->step_count = p->step_count;
    e->sum_count = p->sum_count;
    for (int32_t i = 0; i < p->sum_count; i++) e->summed[i] = p->sums[i].slot;
    for (int32_t i = 0; i < p->slot_count; i++) e->kinds[i] = (uint8_t)p->slots[i].kind;
    memcpy(e->steps, p->steps, sizeof *p->steps * (size_t)p->step_count);
    nn_tile_uses(p, 0, p->step_count, &e->code.reads, &e->code.writes);
    nn_assembler assembler = {.bytes = bytes, .capacity = CODE_BYTES};
    write_stages(e, &assembler, p);
    // A program without any loop is the walker's.
    is_made = assembler.size > 0 && settle(e, &assembler);
  }
  free(bytes);
  if (is_made) return e;
  free(e);
  return NULL;
}

const nn_tile_code *nn_tile_compile(const nn_tile_program *program) {
  if (nn_kernels_in_use() != &nn_kernels_avx512) return NULL;
  pthread_mutex_lock(&mutex);
  entry *found = entries;
  while (found && !is_of(found, program)) found = found->next;
  if (!found && (found = made(program))) {
    found->next = entries;
    entries = found;
  }
  if (found) found->users++;
  pthread_mutex_unlock(&mutex);
  return found ? &found->code : NULL;
}

void nn_tile_code_release(const nn_tile_code *code) {
  if (!code) return;
  entry *ended = (entry *)code;
  pthread_mutex_lock(&mutex);
  if (--ended->users == 0) {
    entry **link = &entries;
    while (*link != ended) link = &(*link)->next;
    *link = ended->next;
    munmap(ended->memory, ended->size);
    free(ended);
  }
  pthread_mutex_unlock(&mutex);
}

#else

const nn_tile_code *nn_tile_compile(const nn_tile_program *program) {
  (void)program;
  return NULL;
}

void nn_tile_code_release(const nn_tile_code *code) { (void)code; }

#endif
