// malloc and its relatives with a counter. What they define here wins over the C library's, because
// a program's own symbols come first; the library's own are reached by their other names, which
// glibc keeps for those who do this.
#define _GNU_SOURCE
#include "include/CAllocationCount.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NN_SANITIZED
#endif

enum { depth = 64 };

static _Thread_local bool is_watched;
static _Atomic int64_t total, excused;
// The calls on the way to the first allocation, the nearest first.
static void *first_calls[depth];
static int first_count;

static const char *excused_library;
static uintptr_t excused_begin, excused_end;

static void note(void) {
  if (!is_watched) return;
  // Unwinding may allocate.
  is_watched = false;
  void *calls[depth];
  int count = backtrace(calls, depth);
  bool is_excused = false;
  for (int i = 0; i < count; i++) {
    uintptr_t call = (uintptr_t)calls[i];
    is_excused = is_excused || (call >= excused_begin && call < excused_end);
  }
  if (is_excused) {
    atomic_fetch_add(&excused, 1);
  } else if (atomic_fetch_add(&total, 1) == 0) {
    memcpy(first_calls, calls, sizeof calls);
    first_count = count;
  }
  is_watched = true;
}

bool allocation_count_works(void) {
#ifdef NN_SANITIZED
  return false;
#else
  return true;
#endif
}

// A sanitizer brings a malloc of its own, which nothing may stand before.
#ifndef NN_SANITIZED

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size) {
  note();
  return __libc_realloc(pointer, size);
}

void *memalign(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
  note();
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *pointer = memory;
  return 0;
}

#endif

void allocation_count_watch(bool watches) { is_watched = watches; }

static int find_library(struct dl_phdr_info *object, size_t size, void *unused) {
  (void)size;
  (void)unused;
  if (!object->dlpi_name || !strstr(object->dlpi_name, excused_library)) return 0;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    if (object->dlpi_phdr[i].p_type != PT_LOAD) continue;
    uintptr_t begin = object->dlpi_addr + object->dlpi_phdr[i].p_vaddr;
    uintptr_t end = begin + object->dlpi_phdr[i].p_memsz;
    if (excused_begin == 0 || begin < excused_begin) excused_begin = begin;
    if (end > excused_end) excused_end = end;
  }
  return 1;
}

void allocation_count_reset(const char *library) {
  excused_library = library;
  excused_begin = excused_end = 0;
  dl_iterate_phdr(find_library, NULL);
  atomic_store(&total, 0);
  atomic_store(&excused, 0);
  first_count = 0;
}

int64_t allocation_count_total(void) { return atomic_load(&total); }

int64_t allocation_count_excused(void) { return atomic_load(&excused); }

const char *allocation_count_trace(void) {
  static char text[1 << 14];
  text[0] = 0;
  size_t length = 0;
  for (int i = 0; i < first_count && length + 512 < sizeof text; i++) {
    Dl_info place;
    if (!dladdr(first_calls[i], &place)) continue;
    const char *file = place.dli_fname ? strrchr(place.dli_fname, '/') : NULL;
    length += (size_t)snprintf(
      text + length, 400, "%s+%#tx %.300s\n", file ? file + 1 : "?",
      (char *)first_calls[i] - (char *)place.dli_fbase, place.dli_sname ? place.dli_sname : "");
  }
  return text;
}
