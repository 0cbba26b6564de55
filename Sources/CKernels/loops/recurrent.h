// Scans of recurrent layers: the steps of sequences, forwards and back.
//
// The weight is the same at every step, so it is packed once into panels that stay in cache. A
// step is one product with the states of all sequences, then one pass of the gates' functions.
// States and products of a step lie dense in scratch; rows are sixteen elements further apart than
// they are long, lest those of 4096 bytes fall into the same sets of the cache.
#ifndef NN_LOOPS_RECURRENT_H
#define NN_LOOPS_RECURRENT_H

#include "../kernels.h"
#include "exponential.h"
#include "product.h"

/// Packs b: [k, n], stored [n, k] if transposed, into panels [n / 32, k, 32].
static void nn_pack_panels(
  const float *b, int64_t k, int64_t n, bool transposed, float *panels) {
  nn_product product = {.n = n, .k = k, .transpose_b = transposed};
  for (int64_t left = 0; left < n; left += NN_PANEL_COLUMNS) {
    int64_t columns = n - left < NN_PANEL_COLUMNS ? n - left : NN_PANEL_COLUMNS;
    nn_pack_panel(&product, b, 0, k, left, columns, panels + left * k);
  }
}

/// c = a · b + bias; a: [rows, k], b: [k, n] in panels, bias: [n] or NULL, c: [rows, n].
static void nn_panel_product(
  const float *a, const float *panels, const float *bias, float *c, int64_t rows, int64_t k,
  int64_t n) {
  nn_tile tile = {
    .a_row = k + NN_LANES, .a_column = 1, .b_row = NN_PANEL_COLUMNS, .c_row = n + NN_LANES};
  for (int64_t left = 0; left < n; left += NN_PANEL_COLUMNS) {
    tile.columns = n - left < NN_PANEL_COLUMNS ? n - left : NN_PANEL_COLUMNS;
    for (int64_t first = 0; first < k; first += NN_PANEL_DEPTH) {
      tile.depth = k - first < NN_PANEL_DEPTH ? k - first : NN_PANEL_DEPTH;
      tile.b = panels + left * k + first * NN_PANEL_COLUMNS;
      tile.bias = first + tile.depth == k && bias ? bias + left : NULL;
      tile.is_first = first == 0;
      for (int64_t i = 0; i < rows; i += NN_TILE_ROWS) {
        tile.a = a + i * tile.a_row + first;
        tile.c = c + i * tile.c_row + left;
        nn_tile_product_any(&tile, rows - i < NN_TILE_ROWS ? rows - i : NN_TILE_ROWS);
      }
    }
  }
}

/// The weight of a scan in panels, as b: [k, n], stored [n, k] if transposed.
static void nn_pack_weight(
  const nn_scan *scan, const void *weight, int64_t k, int64_t n, bool transposed) {
  if (scan->rounded) nn_pack_panels_bf16(weight, k, n, transposed, scan->panels);
  else nn_pack_panels(weight, k, n, transposed, scan->panels);
}

/// The product of a step, of rows of the scan's scratch.
static void nn_step_product(
  const nn_scan *scan, const float *a, const float *bias, float *c, int64_t rows, int64_t k,
  int64_t n) {
  if (scan->rounded) nn_panel_product_bf16(a, scan->rounded, scan->panels, bias, c, rows, k, n);
  else nn_panel_product(a, scan->panels, bias, c, rows, k, n);
}

/// A step of one sequence. All pointers are to rows: x, q and gates of each gate's units one after
/// the other, the others of the units alone.
typedef struct nn_cell_step {
  int64_t units;
  const float *x, *q;
  const float *side_before;  // NULL at the first step, where it is zero
  float *gates, *side, *h;
  float *state;  // h before the step, then h after it
} nn_cell_step;

static void nn_tanh_step(const nn_cell_step *s) {
  for (int64_t i = 0; i < s->units; i += NN_LANES) {
    int64_t n = s->units - i;
    nn_vec h = nn_tanh(nn_load_some(s->x + i, n) + nn_load_some(s->q + i, n));
    nn_store_some(s->h + i, h, n);
    nn_store_some(s->state + i, h, n);
  }
}

static void nn_relu_step(const nn_cell_step *s) {
  for (int64_t i = 0; i < s->units; i += NN_LANES) {
    int64_t n = s->units - i;
    nn_vec sum = nn_load_some(s->x + i, n) + nn_load_some(s->q + i, n);
    nn_vec h = nn_select(sum <= 0.0f, nn_splat(0), sum);
    nn_store_some(s->h + i, h, n);
    nn_store_some(s->state + i, h, n);
  }
}

/// What a gate of a step is before its function: x + q.
NN_INLINE nn_vec nn_gate_sum(const nn_cell_step *s, int64_t gate, int64_t i) {
  int64_t place = gate * s->units + i;
  return nn_load_some(s->x + place, s->units - i) + nn_load_some(s->q + place, s->units - i);
}

NN_INLINE void nn_keep_gate(const nn_cell_step *s, int64_t gate, int64_t i, nn_vec value) {
  nn_store_some(s->gates + gate * s->units + i, value, s->units - i);
}

static void nn_lstm_step(const nn_cell_step *s) {
  for (int64_t i = 0; i < s->units; i += NN_LANES) {
    int64_t n = s->units - i;
    // All sums are read before a gate is written, because gates may be x.
    nn_vec in = nn_gate_sum(s, 0, i), forget = nn_gate_sum(s, 1, i);
    nn_vec candidate = nn_gate_sum(s, 2, i), out = nn_gate_sum(s, 3, i);
    in = nn_sigmoid(in);
    forget = nn_sigmoid(forget);
    candidate = nn_tanh(candidate);
    out = nn_sigmoid(out);
    nn_vec c = in * candidate;
    if (s->side_before) c += forget * nn_load_some(s->side_before + i, n);
    nn_vec h = out * nn_tanh(c);
    nn_keep_gate(s, 0, i, in);
    nn_keep_gate(s, 1, i, forget);
    nn_keep_gate(s, 2, i, candidate);
    nn_keep_gate(s, 3, i, out);
    nn_store_some(s->side + i, c, n);
    nn_store_some(s->h + i, h, n);
    nn_store_some(s->state + i, h, n);
  }
}

static void nn_gru_step(const nn_cell_step *s) {
  for (int64_t i = 0; i < s->units; i += NN_LANES) {
    int64_t n = s->units - i;
    nn_vec reset = nn_sigmoid(nn_gate_sum(s, 0, i));
    nn_vec update = nn_sigmoid(nn_gate_sum(s, 1, i));
    nn_vec q = nn_load_some(s->q + 2 * s->units + i, n);
    nn_vec candidate = nn_tanh(nn_load_some(s->x + 2 * s->units + i, n) + reset * q);
    nn_vec h = candidate + update * (nn_load_some(s->state + i, n) - candidate);
    nn_keep_gate(s, 0, i, reset);
    nn_keep_gate(s, 1, i, update);
    nn_keep_gate(s, 2, i, candidate);
    nn_store_some(s->side + i, q, n);
    nn_store_some(s->h + i, h, n);
    nn_store_some(s->state + i, h, n);
  }
}

static void (*const nn_cell_steps[NN_CELL_COUNT])(const nn_cell_step *) = {
  [NN_CELL_TANH] = nn_tanh_step, [NN_CELL_RELU] = nn_relu_step,
  [NN_CELL_LSTM] = nn_lstm_step, [NN_CELL_GRU] = nn_gru_step};

/// The first of the rows of a step lies `offset` rows behind the first row of all; those of the
/// next sequence `steps` rows further.
static void nn_loop_scan(
  const nn_scan *scan, const float *x, const void *weight, const float *bias, float *h,
  float *gates, float *side) {
  const nn_scan_shape *shape = &scan->shape;
  const int64_t steps = shape->steps, units = shape->units, width = scan->gates * units;
  nn_pack_weight(scan, weight, units, width, true);
  for (int64_t first = 0; first < shape->batch; first += NN_SCAN_ROWS) {
    int64_t rows = shape->batch - first < NN_SCAN_ROWS ? shape->batch - first : NN_SCAN_ROWS;
    for (int64_t index = 0; index < steps; index++) {
      int64_t t = shape->reversed ? steps - 1 - index : index;
      int64_t before = shape->reversed ? t + 1 : t - 1;
      if (index == 0) {
        memset(scan->state, 0, sizeof(float) * (size_t)(rows * (units + NN_LANES)));
        for (int64_t r = 0; r < rows; r++) {
          float *q = scan->product + r * (width + NN_LANES);
          if (bias) memcpy(q, bias, sizeof(float) * (size_t)width);
          else memset(q, 0, sizeof(float) * (size_t)width);
        }
      } else {
        nn_step_product(scan, scan->state, bias, scan->product, rows, units, width);
      }
      for (int64_t r = 0; r < rows; r++) {
        int64_t sequence = (first + r) * steps;
        nn_cell_step step = {
          .units = units,
          .x = x + (sequence + t) * width,
          .q = scan->product + r * (width + NN_LANES),
          .side_before = index > 0 && side ? side + (sequence + before) * units : NULL,
          .gates = gates ? gates + (sequence + t) * width : NULL,
          .side = side ? side + (sequence + t) * units : NULL,
          .h = h + (sequence + t) * units,
          .state = scan->state + r * (units + NN_LANES)};
        nn_cell_steps[shape->cell](&step);
      }
    }
  }
}

/// A step back of one sequence, with rows as in nn_cell_step.
typedef struct nn_cell_return {
  int64_t units;
  const float *dh;       // of what the step gave
  const float *product;  // what later steps give h by way of q
  float *carry;          // what they give c of lstm, or h of gru directly; then for the step before
  const float *h, *gates, *side;
  const float *h_before, *side_before;  // NULL at the first step, where they are zero
  float *dx, *dq;
  float *d;  // dq once more, for the next product
} nn_cell_return;

static void nn_tanh_return(const nn_cell_return *s) {
  for (int64_t i = 0; i < s->units; i += NN_LANES) {
    int64_t n = s->units - i;
    nn_vec dh = nn_load_some(s->dh + i, n) + nn_load_some(s->product + i, n);
    nn_vec h = nn_load_some(s->h + i, n);
    nn_vec d = dh * (1.0f - h * h);
    nn_store_some(s->dx + i, d, n);
    nn_store_some(s->d + i, d, n);
  }
}

static void nn_relu_return(const nn_cell_return *s) {
  for (int64_t i = 0; i < s->units; i += NN_LANES) {
    int64_t n = s->units - i;
    nn_vec dh = nn_load_some(s->dh + i, n) + nn_load_some(s->product + i, n);
    nn_vec d = nn_select(nn_load_some(s->h + i, n) > 0.0f, dh, nn_splat(0));
    nn_store_some(s->dx + i, d, n);
    nn_store_some(s->d + i, d, n);
  }
}

NN_INLINE nn_vec nn_gate(const nn_cell_return *s, int64_t gate, int64_t i) {
  return nn_load_some(s->gates + gate * s->units + i, s->units - i);
}

NN_INLINE void nn_return_gate(const nn_cell_return *s, int64_t gate, int64_t i, nn_vec d) {
  int64_t place = gate * s->units + i;
  nn_store_some(s->dx + place, d, s->units - i);
  nn_store_some(s->d + place, d, s->units - i);
}

static void nn_lstm_return(const nn_cell_return *s) {
  for (int64_t i = 0; i < s->units; i += NN_LANES) {
    int64_t n = s->units - i;
    nn_vec in = nn_gate(s, 0, i), forget = nn_gate(s, 1, i);
    nn_vec candidate = nn_gate(s, 2, i), out = nn_gate(s, 3, i);
    nn_vec dh = nn_load_some(s->dh + i, n) + nn_load_some(s->product + i, n);
    // Twice the same function of the same number gives the same bits.
    nn_vec c = nn_tanh(nn_load_some(s->side + i, n));
    nn_vec dc = nn_load_some(s->carry + i, n) + dh * out * (1.0f - c * c);
    nn_vec before = s->side_before ? nn_load_some(s->side_before + i, n) : nn_splat(0);
    nn_return_gate(s, 0, i, dc * candidate * (in * (1.0f - in)));
    nn_return_gate(s, 1, i, dc * before * (forget * (1.0f - forget)));
    nn_return_gate(s, 2, i, dc * in * (1.0f - candidate * candidate));
    nn_return_gate(s, 3, i, dh * c * (out * (1.0f - out)));
    nn_store_some(s->carry + i, dc * forget, n);
  }
}

static void nn_gru_return(const nn_cell_return *s) {
  for (int64_t i = 0; i < s->units; i += NN_LANES) {
    int64_t n = s->units - i;
    nn_vec reset = nn_gate(s, 0, i), update = nn_gate(s, 1, i), candidate = nn_gate(s, 2, i);
    nn_vec dh = nn_load_some(s->dh + i, n) + nn_load_some(s->product + i, n) +
                nn_load_some(s->carry + i, n);
    nn_vec before = s->h_before ? nn_load_some(s->h_before + i, n) : nn_splat(0);
    nn_vec dn = dh * (1.0f - update) * (1.0f - candidate * candidate);
    nn_vec dr = dn * nn_load_some(s->side + i, n) * (reset * (1.0f - reset));
    nn_vec dz = dh * (before - candidate) * (update * (1.0f - update));
    nn_return_gate(s, 0, i, dr);
    nn_return_gate(s, 1, i, dz);
    nn_return_gate(s, 2, i, dn);
    nn_store_some(s->dq + i, dr, n);
    nn_store_some(s->dq + s->units + i, dz, n);
    nn_store_some(s->dq + 2 * s->units + i, dn * reset, n);
    nn_store_some(s->d + 2 * s->units + i, dn * reset, n);
    nn_store_some(s->carry + i, dh * update, n);
  }
}

static void (*const nn_cell_returns[NN_CELL_COUNT])(const nn_cell_return *) = {
  [NN_CELL_TANH] = nn_tanh_return, [NN_CELL_RELU] = nn_relu_return,
  [NN_CELL_LSTM] = nn_lstm_return, [NN_CELL_GRU] = nn_gru_return};

static void nn_loop_scan_gradient(
  const nn_scan *scan, const void *weight, const float *dh, const float *h,
  const float *gates, const float *side, float *dx, float *dq) {
  const nn_scan_shape *shape = &scan->shape;
  const int64_t steps = shape->steps, units = shape->units, width = scan->gates * units;
  nn_pack_weight(scan, weight, width, units, false);
  for (int64_t first = 0; first < shape->batch; first += NN_SCAN_ROWS) {
    int64_t rows = shape->batch - first < NN_SCAN_ROWS ? shape->batch - first : NN_SCAN_ROWS;
    size_t bytes = sizeof(float) * (size_t)(rows * (units + NN_LANES));
    memset(scan->state, 0, bytes);
    memset(scan->carry, 0, bytes);
    for (int64_t index = steps - 1; index >= 0; index--) {
      int64_t t = shape->reversed ? steps - 1 - index : index;
      int64_t before = shape->reversed ? t + 1 : t - 1;
      for (int64_t r = 0; r < rows; r++) {
        int64_t sequence = (first + r) * steps;
        nn_cell_return step = {
          .units = units,
          .dh = dh + (sequence + t) * units,
          .product = scan->state + r * (units + NN_LANES),
          .carry = scan->carry + r * (units + NN_LANES),
          .h = h + (sequence + t) * units,
          .gates = gates ? gates + (sequence + t) * width : NULL,
          .side = side ? side + (sequence + t) * units : NULL,
          .h_before = index > 0 ? h + (sequence + before) * units : NULL,
          .side_before = index > 0 && side ? side + (sequence + before) * units : NULL,
          .dx = dx + (sequence + t) * width,
          .dq = dq ? dq + (sequence + t) * width : NULL,
          .d = scan->product + r * (width + NN_LANES)};
        nn_cell_returns[shape->cell](&step);
      }
      if (index == 0) break;
      nn_step_product(scan, scan->product, NULL, scan->state, rows, width, units);
    }
  }
}

#endif
