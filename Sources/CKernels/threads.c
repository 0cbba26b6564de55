// What belongs to the current thread: settings and scratch.
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

void nn_single_thread(void) {
  static _Thread_local bool is_done = false;
  if (is_done) return;
  // Whichever OpenMP oneDNN brought is asked by name, so that this module needs none itself.
  void (*set_threads)(int) = NULL;
  *(void **)&set_threads = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (set_threads) set_threads(1);
  is_done = true;
}

typedef struct thread_scratch {
  size_t capacity;  // of the whole mapping, this header's page included
} thread_scratch;

#define SCRATCH_HEADER 4096

static pthread_key_t scratch_key;

static void end_scratch(void *scratch) {
  munmap(scratch, ((thread_scratch *)scratch)->capacity);
}

static void make_scratch_key(void) { pthread_key_create(&scratch_key, end_scratch); }

void *nn_thread_scratch(size_t bytes) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  static _Thread_local thread_scratch *scratch = NULL;
  size_t wanted = bytes + SCRATCH_HEADER;
  if (!scratch || scratch->capacity < wanted) {
    pthread_once(&once, make_scratch_key);
    if (scratch) end_scratch(scratch);
    // Pages come when they are first written; where there are none left the system ends the process,
    // as it does for all memory.
    wanted = (wanted + 0xfffff) & ~(size_t)0xfffff;
    void *mapped =
      mmap(NULL, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) abort();
    scratch = mapped;
    scratch->capacity = wanted;
    pthread_setspecific(scratch_key, scratch);
  }
  return (char *)scratch + SCRATCH_HEADER;
}

bool nn_flush_denormals(bool flush) {
#if defined(__x86_64__)
  // Bit 15 flushes results, bit 6 takes denormal operands for zero.
  const unsigned bits = (1u << 15) | (1u << 6);
  unsigned control = _mm_getcsr();
  _mm_setcsr(flush ? control | bits : control & ~bits);
  return (control & bits) == bits;
#elif defined(__aarch64__)
  const uint64_t bit = (uint64_t)1 << 24;
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" : : "r"(flush ? control | bit : control & ~bit));
  return (control & bit) != 0;
#else
  (void)flush;
  return false;
#endif
}
