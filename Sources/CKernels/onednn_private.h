// The parts shared by the files that talk to oneDNN 2.x.
//
// A port to 3.x, which has no operation descriptors, changes onednn_matmul.c and onednn_convolution.c:
// they make `nn_dnn`s; onednn_call.c only runs them.
#ifndef NN_ONEDNN_PRIVATE_H
#define NN_ONEDNN_PRIVATE_H

#include <dnnl.h>

#if DNNL_VERSION_MAJOR != 2
#error "This file is written for oneDNN 2.x; define NN_WITHOUT_ONEDNN to build without it."
#endif

#include "kernels.h"
#include "onednn.h"

#define NN_DNN_OPERANDS 4

/// One operand: what the caller's memory looks like and what the primitive wants to see. Where
/// they differ the call reorders, before the primitive if it reads, after it if it writes.
typedef struct nn_dnn_operand {
  int argument;  // DNNL_ARG_…, 0 if unused
  bool is_written, differs;
  dnnl_memory_desc_t outside, inside;
} nn_dnn_operand;

struct nn_dnn {
  dnnl_primitive_t primitive;
  dnnl_memory_desc_t scratchpad;
  nn_dnn_operand operands[NN_DNN_OPERANDS];
};

/// The one CPU engine, NULL with an error if oneDNN has none.
dnnl_engine_t nn_dnn_engine(void);

/// Whether `status` is a success; remembers the failure of `what` if not.
bool nn_dnn_succeeds(dnnl_status_t status, const char *what);

/// The library's name for the type of operands.
static inline dnnl_data_type_t nn_dnn_type(nn_operands operands) {
  return operands == NN_OPERANDS_BF16 ? dnnl_bf16 : dnnl_f32;
}

/// Attributes with memory for scratch given by the caller, and relu at the end if asked for.
dnnl_primitive_attr_t nn_dnn_attributes(nn_activation activation);

/// Compiles a described primitive. Takes nothing over.
nn_dnn *nn_dnn_compile(const_dnnl_primitive_desc_t description, const char *what);

#endif
