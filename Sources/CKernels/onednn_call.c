// Compiling and running oneDNN's primitives, whatever they compute.
#ifndef NN_WITHOUT_ONEDNN

#include <pthread.h>
#include <stdlib.h>

#include "onednn_private.h"

struct nn_dnn_call {
  dnnl_stream_t stream;
  dnnl_primitive_t primitive;  // belongs to the nn_dnn
  dnnl_exec_arg_t arguments[NN_DNN_OPERANDS + 1];
  int argument_count;
  // For each operand that is reordered: the primitive, its memories and its buffer.
  dnnl_primitive_t reorder[NN_DNN_OPERANDS];
  dnnl_memory_t outer[NN_DNN_OPERANDS];
  dnnl_memory_t inner[NN_DNN_OPERANDS];  // also among the arguments
  bool is_written[NN_DNN_OPERANDS];
  // What a call needs while it runs lies in the thread's scratch, from these places on.
  dnnl_memory_t temporary[NN_DNN_OPERANDS + 1];
  size_t offset[NN_DNN_OPERANDS + 1];
  size_t scratch_bytes;
  char *scratch;  // where the temporaries lie at present
};

static dnnl_engine_t engine;

static void make_engine(void) {
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
}

dnnl_engine_t nn_dnn_engine(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_engine);
  if (!engine) nn_set_error("oneDNN has no CPU engine");
  return engine;
}

bool nn_dnn_limit_isa(bool has_avx512) {
  dnnl_cpu_isa_t isa = has_avx512 ? dnnl_cpu_isa_avx512_core : dnnl_cpu_isa_avx2;
  return dnnl_set_max_cpu_isa(isa) == dnnl_success;
}

const char *nn_dnn_bf16_name(void) {
  // Elsewhere the library either refuses or computes by way of f32, slower than f32 itself.
  dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
  const int amx = dnnl_cpu_isa_avx512_core_amx & ~dnnl_cpu_isa_avx512_core_bf16;
  const int bf16 = dnnl_cpu_isa_avx512_core_bf16;
  if ((isa & bf16) != bf16) return NULL;
  return (isa & amx) == amx ? "amx-bf16" : "avx512-bf16";
}

bool nn_dnn_succeeds(dnnl_status_t status, const char *what) {
  if (status == dnnl_success) return true;
  const char *reason = status == dnnl_out_of_memory ? "it is out of memory"
                       : status == dnnl_invalid_arguments ? "the arguments do not fit together"
                       : status == dnnl_unimplemented ? "it has no implementation"
                                                      : "it failed at run time";
  nn_set_error("oneDNN refuses %s: %s", what, reason);
  return false;
}

dnnl_primitive_attr_t nn_dnn_attributes(nn_activation activation) {
  dnnl_primitive_attr_t attributes = NULL;
  if (!nn_dnn_succeeds(dnnl_primitive_attr_create(&attributes), "attributes")) return NULL;
  dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  if (activation == NN_ACTIVATION_NONE) return attributes;
  dnnl_post_ops_t tail = NULL;
  bool is_set = nn_dnn_succeeds(dnnl_post_ops_create(&tail), "a list of activations") &&
                nn_dnn_succeeds(
                  dnnl_post_ops_append_eltwise(tail, 1, dnnl_eltwise_relu, 0, 0), "relu") &&
                nn_dnn_succeeds(
                  dnnl_primitive_attr_set_post_ops(attributes, tail), "an activation");
  if (tail) dnnl_post_ops_destroy(tail);
  if (is_set) return attributes;
  dnnl_primitive_attr_destroy(attributes);
  return NULL;
}

nn_dnn *nn_dnn_compile(const_dnnl_primitive_desc_t description, const char *what) {
  nn_dnn *operation = calloc(1, sizeof *operation);
  if (!operation) {
    nn_set_error("out of memory");
    return NULL;
  }
  if (!nn_dnn_succeeds(dnnl_primitive_create(&operation->primitive, description), what)) {
    free(operation);
    return NULL;
  }
  operation->scratchpad = *dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  return operation;
}

void nn_dnn_destroy(nn_dnn *operation) {
  if (!operation) return;
  dnnl_primitive_destroy(operation->primitive);
  free(operation);
}

/// Memory for `description` that the call has while it runs.
static dnnl_memory_t temporary_memory(
  nn_dnn_call *call, int place, const dnnl_memory_desc_t *description) {
  dnnl_memory_t memory = NULL;
  dnnl_status_t status = dnnl_memory_create(&memory, description, engine, DNNL_MEMORY_NONE);
  if (!nn_dnn_succeeds(status, "memory")) return NULL;
  call->temporary[place] = memory;
  call->offset[place] = call->scratch_bytes;
  call->scratch_bytes += (dnnl_memory_desc_get_size(description) + 63) / 64 * 64;
  return memory;
}

/// Gives the temporaries of a call their places in the scratch of the calling thread, which differ
/// only if another thread ran it before, or if the scratch has grown.
static void place_temporaries(nn_dnn_call *call) {
  char *scratch = nn_thread_scratch(call->scratch_bytes);
  if (scratch == call->scratch) return;
  for (int i = 0; i <= NN_DNN_OPERANDS; i++) {
    if (call->temporary[i]) {
      dnnl_memory_set_data_handle(call->temporary[i], scratch + call->offset[i]);
    }
  }
  call->scratch = scratch;
}

static bool add_argument(nn_dnn_call *call, int argument, dnnl_memory_t memory) {
  if (!memory) return false;
  call->arguments[call->argument_count++] = (dnnl_exec_arg_t){argument, memory};
  return true;
}

static bool add_reorder(nn_dnn_call *call, int place, const nn_dnn_operand *operand) {
  const dnnl_memory_desc_t *from = operand->is_written ? &operand->inside : &operand->outside;
  const dnnl_memory_desc_t *to = operand->is_written ? &operand->outside : &operand->inside;
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status =
    dnnl_reorder_primitive_desc_create(&description, from, engine, to, engine, NULL);
  if (!nn_dnn_succeeds(status, "a reorder")) return false;
  status = dnnl_primitive_create(&call->reorder[place], description);
  dnnl_primitive_desc_destroy(description);
  return nn_dnn_succeeds(status, "a reorder");
}

static bool add_operand(
  nn_dnn_call *call, int place, const nn_dnn_operand *operand, void *pointer) {
  dnnl_memory_t outer = NULL;
  dnnl_status_t status = dnnl_memory_create(&outer, &operand->outside, engine, pointer);
  if (!nn_dnn_succeeds(status, "memory")) return false;
  if (!operand->differs) return add_argument(call, operand->argument, outer);
  call->outer[place] = outer;
  call->is_written[place] = operand->is_written;
  call->inner[place] = temporary_memory(call, place, &operand->inside);
  return add_argument(call, operand->argument, call->inner[place]) &&
         add_reorder(call, place, operand);
}

nn_dnn_call *nn_dnn_bind(const nn_dnn *operation, void *const operands[4]) {
  nn_single_thread();
  nn_dnn_call *call = calloc(1, sizeof *call);
  if (!call) {
    nn_set_error("out of memory");
    return NULL;
  }
  call->primitive = operation->primitive;
  dnnl_status_t status = dnnl_stream_create(&call->stream, engine, dnnl_stream_default_flags);
  bool is_bound = nn_dnn_succeeds(status, "a stream");
  for (int i = 0; i < NN_DNN_OPERANDS && is_bound; i++) {
    if (operation->operands[i].argument == 0) continue;
    is_bound = add_operand(call, i, &operation->operands[i], operands[i]);
  }
  is_bound = is_bound && add_argument(
                           call, DNNL_ARG_SCRATCHPAD,
                           temporary_memory(call, NN_DNN_OPERANDS, &operation->scratchpad));
  if (is_bound) return call;
  nn_dnn_call_destroy(call);
  return NULL;
}

static void run_reorder(nn_dnn_call *call, int place) {
  dnnl_memory_t inner = call->inner[place];
  dnnl_memory_t outer = call->outer[place];
  bool writes = call->is_written[place];
  dnnl_exec_arg_t arguments[2] = {
    {DNNL_ARG_FROM, writes ? inner : outer}, {DNNL_ARG_TO, writes ? outer : inner}};
  dnnl_primitive_execute(call->reorder[place], call->stream, 2, arguments);
}

void nn_dnn_run(nn_dnn_call *call) {
  // Primitives are compiled for one thread; running one on more would overrun its scratch.
  nn_single_thread();
  place_temporaries(call);
  for (int i = 0; i < NN_DNN_OPERANDS; i++) {
    if (call->reorder[i] && !call->is_written[i]) run_reorder(call, i);
  }
  dnnl_primitive_execute(
    call->primitive, call->stream, call->argument_count, call->arguments);
  for (int i = 0; i < NN_DNN_OPERANDS; i++) {
    if (call->reorder[i] && call->is_written[i]) run_reorder(call, i);
  }
}

void nn_dnn_call_destroy(nn_dnn_call *call) {
  if (!call) return;
  for (int i = 0; i < call->argument_count; i++) dnnl_memory_destroy(call->arguments[i].memory);
  for (int i = 0; i < NN_DNN_OPERANDS; i++) {
    if (call->reorder[i]) dnnl_primitive_destroy(call->reorder[i]);
    if (call->outer[i]) dnnl_memory_destroy(call->outer[i]);
  }
  if (call->stream) dnnl_stream_destroy(call->stream);
  free(call);
}

#endif
