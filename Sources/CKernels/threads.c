// Settings of the current thread.
#include <dlfcn.h>

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
