// Attention of several heads: its scratch, and the loops in use.
#include <stdlib.h>

#include "kernels.h"

static int64_t whole(int64_t count, int64_t unit) { return (count + unit - 1) / unit * unit; }

/// Takes a stretch of the scratch, or only counts where there is none yet; whole cache lines.
static float *take(float *memory, int64_t *used, int64_t count) {
  float *place = memory ? memory + *used : NULL;
  *used += whole(count, 16);
  return place;
}

/// Lays the scratch out from `memory` on, and returns how many elements it has.
static int64_t lay_out(nn_heads *heads, float *memory, bool goes_back) {
  const int64_t n = heads->shape.keys, d = heads->shape.width;
  int64_t across = whole(n, NN_PANEL_COLUMNS) * d, along = whole(d, NN_PANEL_COLUMNS) * n;
  int64_t features = NN_HEADS_ROWS * heads->pitch, scores = NN_HEADS_ROWS * heads->reach;
  int64_t used = 0;
  heads->keys_across = take(memory, &used, across);
  heads->query = take(memory, &used, features);
  heads->mixed = take(memory, &used, features);
  heads->weights = take(memory, &used, scores);
  if (goes_back) {
    heads->values_across = take(memory, &used, across);
    heads->keys = take(memory, &used, along);
    heads->slopes = take(memory, &used, scores);
    heads->dkeys = take(memory, &used, n * heads->pitch);
    heads->dvalues = take(memory, &used, n * heads->pitch);
  } else {
    heads->values = take(memory, &used, along);
  }
  return used;
}

nn_heads *nn_heads_create(const nn_heads_shape *shape, bool goes_back) {
  if (shape->samples < 1 || shape->heads < 1 || shape->key_heads < 1 || shape->queries < 1 ||
      shape->keys < 1 || shape->width < 1 || shape->heads % shape->key_heads != 0 ||
      (shape->is_causal && shape->queries != shape->keys)) {
    nn_set_error(
      "attention of %lld heads with %lld of keys, %lld queries, %lld keys and %lld features",
      (long long)shape->heads, (long long)shape->key_heads, (long long)shape->queries,
      (long long)shape->keys, (long long)shape->width);
    return NULL;
  }
  nn_heads *heads = calloc(1, sizeof *heads);
  if (!heads) {
    nn_set_error("out of memory");
    return NULL;
  }
  heads->shape = *shape;
  heads->pitch = whole(shape->width, 16) + 16;
  heads->reach = whole(shape->keys, NN_PANEL_COLUMNS) + 16;
  size_t bytes = sizeof(float) * (size_t)lay_out(heads, NULL, goes_back);
  heads->memory = aligned_alloc(64, bytes);
  if (!heads->memory) {
    nn_set_error("out of memory");
    free(heads);
    return NULL;
  }
  lay_out(heads, heads->memory, goes_back);
  return heads;
}

void nn_heads_destroy(nn_heads *heads) {
  if (!heads) return;
  free(heads->memory);
  free(heads);
}

void nn_heads_run(
  const nn_heads *heads, const float *q, const float *k, const float *v, const float *mask,
  float *y, float *scales) {
  nn_kernels_in_use()->attend(heads, q, k, v, mask, y, scales);
}

void nn_heads_gradient(
  const nn_heads *heads, const float *q, const float *k, const float *v, const float *mask,
  const float *y, const float *scales, const float *dy, float *dq, float *dk, float *dv) {
  nn_kernels_in_use()->attend_gradient(heads, q, k, v, mask, y, scales, dy, dq, dk, dv);
}
