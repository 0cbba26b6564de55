// The driver of libFuzzer, whose library the compiler brings.
#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

// Calls with one input after the other, as the arguments say; see https://llvm.org/docs/LibFuzzer.html.
int LLVMFuzzerRunDriver(
  int *count, char ***arguments, int (*body)(const uint8_t *bytes, size_t count));

#endif
