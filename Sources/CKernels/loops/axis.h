// Work along one axis of [outer, axis, inner]: vectors run over what lies inside the axis, or, where
// nothing does, an output is a short sum by itself.
#ifndef NN_LOOPS_AXIS_H
#define NN_LOOPS_AXIS_H

#include "../include/CKernels.h"
#include "vec.h"

/// One output row: y[inner] = Σ weight · x[source, inner].
NN_INLINE void nn_mapped_row(
  const nn_axis_map *m, int64_t row, const float *x, float *y, int64_t inner) {
  const int32_t begin = m->first[row], end = m->first[row + 1];
  // Most maps move elements or repeat them, and a copy keeps their bits.
  if (end - begin == 1 && m->weight[begin] == 1) {
    memcpy(y, x + m->source[begin] * inner, sizeof(float) * (size_t)inner);
    return;
  }
  for (int64_t i = 0; i < inner; i += NN_LANES) {
    int64_t n = inner - i;
    nn_vec sum = nn_splat(begin == end ? m->fill : 0);
    for (int32_t tap = begin; tap < end; tap++) {
      sum += m->weight[tap] * nn_load_some(x + m->source[tap] * inner + i, n);
    }
    nn_store_some(y + i, sum, n);
  }
}

static void nn_loop_map_axis(const nn_axis_map *m, const float *x, float *y) {
  for (int64_t outer = 0; outer < m->outer; outer++, x += m->in * m->inner) {
    if (m->inner > 1) {
      for (int64_t row = 0; row < m->out; row++, y += m->inner) {
        nn_mapped_row(m, row, x, y, m->inner);
      }
      continue;
    }
    for (int64_t row = 0; row < m->out; row++) {
      const int32_t begin = m->first[row], end = m->first[row + 1];
      float sum = begin == end ? m->fill : 0;
      for (int32_t tap = begin; tap < end; tap++) sum += m->weight[tap] * x[m->source[tap]];
      *y++ = sum;
    }
  }
}

static void nn_loop_max_axis(
  int64_t outer, int64_t in, int64_t out, int64_t inner, const int32_t *begin, const int32_t *end,
  const float *x, float *y, int32_t *place) {
  for (int64_t o = 0; o < outer; o++, x += in * inner) {
    for (int64_t row = 0; row < out; row++, y += inner, place += inner) {
      for (int64_t i = 0; i < inner; i += NN_LANES) {
        int64_t n = inner - i;
        nn_vec best = nn_load_some(x + begin[row] * inner + i, n);
        nn_int at = nn_splat_int(begin[row]);
        for (int32_t source = begin[row] + 1; source < end[row]; source++) {
          nn_vec v = nn_load_some(x + source * inner + i, n);
          nn_int wins = (v > best) | ((v != v) & (best == best));
          best = nn_select(wins, v, best);
          at = nn_select_int(wins, nn_splat_int(source), at);
        }
        nn_store_some(y + i, best, n);
        // Only bits are moved, so the float store serves for the indices too.
        nn_store_some((float *)(place + i), (nn_vec)at, n);
      }
    }
  }
}

#endif
