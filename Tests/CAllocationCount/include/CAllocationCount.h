// Counts the heap allocations of threads that ask for it. Test support: linked into the tests alone,
// where its malloc stands before the C library's.
#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

#include <stdbool.h>
#include <stdint.h>

/// Whether anything is counted here: not under a sanitizer.
bool allocation_count_works(void);

/// Begins, or ends, the counting of what the calling thread allocates.
void allocation_count_watch(bool watches);

/// Starts again at zero; no thread may be watched meanwhile.
///
/// - library: part of the file name of a library that is excused: what is allocated anywhere below a
///   call of its code counts apart.
void allocation_count_reset(const char *library);

/// How many allocations there were on watched threads, without those that are excused.
int64_t allocation_count_total(void);

/// How many were excused.
int64_t allocation_count_excused(void);

/// The calls that led to the first that was not excused, a line each: file, offset, name.
const char *allocation_count_trace(void);

#endif
