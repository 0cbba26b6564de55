// Scans of recurrent layers: their scratch, and the loops in use.
#include <stdlib.h>

#include "kernels.h"

static int64_t gates_of(nn_cell cell) {
  return cell == NN_CELL_LSTM ? 4 : cell == NN_CELL_GRU ? 3 : 1;
}

/// Room for so many rows, each with sixteen elements more.
static float *rows_of(int64_t rows, int64_t elements) {
  size_t bytes = sizeof(float) * (size_t)(rows * (elements + 16));
  return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

nn_scan *nn_scan_create(const nn_scan_shape *shape) {
  if (shape->batch < 1 || shape->steps < 1 || shape->units < 1) {
    nn_set_error(
      "a scan of %lld sequences of %lld steps with %lld units is empty",
      (long long)shape->batch, (long long)shape->steps, (long long)shape->units);
    return NULL;
  }
  nn_scan *scan = calloc(1, sizeof *scan);
  if (!scan) {
    nn_set_error("out of memory");
    return NULL;
  }
  int64_t units = shape->units;
  bool is_narrow = shape->operands == NN_OPERANDS_BF16;
  if (is_narrow && (!nn_bf16_name() || units % 2 != 0)) {
    nn_set_error("no scan of bf16 with %lld units on this machine", (long long)units);
    free(scan);
    return NULL;
  }
  int64_t rows = shape->batch < NN_SCAN_ROWS ? shape->batch : NN_SCAN_ROWS;
  scan->shape = *shape;
  scan->gates = gates_of(shape->cell);
  // Panels are whole, of the weight either way round: [units, gates · units] or the transpose.
  int64_t width = scan->gates * units;
  int64_t forward = (width + NN_PANEL_COLUMNS - 1) / NN_PANEL_COLUMNS * units;
  int64_t back = (units + NN_PANEL_COLUMNS - 1) / NN_PANEL_COLUMNS * width;
  scan->panels = rows_of(forward > back ? forward : back, NN_PANEL_COLUMNS - 16);
  scan->state = rows_of(rows, units);
  scan->product = rows_of(rows, width);
  scan->carry = rows_of(rows, units);
  if (is_narrow) scan->rounded = (uint16_t *)(void *)rows_of(rows, width);
  if (
    scan->panels && scan->state && scan->product && scan->carry &&
    (scan->rounded || !is_narrow)) {
    return scan;
  }
  nn_set_error("out of memory");
  nn_scan_destroy(scan);
  return NULL;
}

void nn_scan_destroy(nn_scan *scan) {
  if (!scan) return;
  free(scan->panels);
  free(scan->state);
  free(scan->product);
  free(scan->carry);
  free(scan->rounded);
  free(scan);
}

void nn_scan_run(
  const nn_scan *scan, const float *x, const void *weight, const float *bias, float *h,
  float *gates, float *side) {
  nn_kernels_in_use()->scan(scan, x, weight, bias, h, gates, side);
}

void nn_scan_gradient(
  const nn_scan *scan, const void *weight, const float *dh, const float *h, const float *gates,
  const float *side, float *dx, float *dq) {
  nn_kernels_in_use()->scan_gradient(scan, weight, dh, h, gates, side, dx, dq);
}

#if !defined(NN_HAS_X86_LEVELS)
// Never called: no other machine has a name for its products of bf16.
void nn_pack_panels_bf16(const uint16_t *b, int64_t k, int64_t n, bool transposed, float *panels) {
  (void)b, (void)k, (void)n, (void)transposed, (void)panels;
}

void nn_panel_product_bf16(
  const float *a, uint16_t *rounded, const float *panels, const float *bias, float *c,
  int64_t rows, int64_t k, int64_t n) {
  (void)a, (void)rounded, (void)panels, (void)bias, (void)c, (void)rows, (void)k, (void)n;
}
#endif
