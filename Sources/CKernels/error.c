// The message of the last failure, one for each thread.
#include <stdarg.h>
#include <stdio.h>

#include "kernels.h"

static _Thread_local char message[256] = "no error";

void nn_set_error(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
}

const char *nn_last_error(void) { return message; }
