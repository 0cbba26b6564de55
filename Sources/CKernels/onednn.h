// What this module wants of oneDNN. Only onednn_*.c include the library's own header.
//
// Absent, with NN_WITHOUT_ONEDNN, every create function returns NULL and is never asked.
#ifndef NN_ONEDNN_H
#define NN_ONEDNN_H

#include "include/CKernels.h"

/// A compiled operation, and one joined to its memory.
typedef struct nn_dnn nn_dnn;
typedef struct nn_dnn_call nn_dnn_call;

/// Keeps oneDNN to AVX2, or to AVX-512 without what later processors added, which may round
/// differently. False where it has chosen already.
bool nn_dnn_limit_isa(bool has_avx512);

/// What computes products of bf16 as fast as such products should be; NULL where nothing does.
const char *nn_dnn_bf16_name(void);

nn_dnn *nn_dnn_matmul(const nn_matmul_shape *shape);
nn_dnn *nn_dnn_convolution(const nn_convolution_shape *shape, nn_convolution_kind kind);
void nn_dnn_destroy(nn_dnn *operation);

/// Operands in the order of the public bind functions.
nn_dnn_call *nn_dnn_bind(const nn_dnn *operation, void *const operands[4]);
void nn_dnn_run(nn_dnn_call *call);
void nn_dnn_call_destroy(nn_dnn_call *call);

#endif
