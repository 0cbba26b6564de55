// Pooling of channels-last images: vectors run over channels, so a window is a few loads.
#ifndef NN_LOOPS_POOL_H
#define NN_LOOPS_POOL_H

#include "../include/CKernels.h"
#include "vec.h"

/// The part of one output's window that lies in the image.
typedef struct nn_window {
  int64_t top, bottom, left, right;
} nn_window;

NN_INLINE nn_window nn_window_at(const nn_pool *p, int64_t row, int64_t column) {
  nn_window w;
  w.top = row * p->stride_h - p->pad_top;
  w.left = column * p->stride_w - p->pad_left;
  w.bottom = w.top + p->kernel_h < p->in_h ? w.top + p->kernel_h : p->in_h;
  w.right = w.left + p->kernel_w < p->in_w ? w.left + p->kernel_w : p->in_w;
  if (w.top < 0) w.top = 0;
  if (w.left < 0) w.left = 0;
  return w;
}

/// Calls `body` for every output of every image, with
/// - plane: the image's first element; out: the output's first channel; window
#define NN_EACH_WINDOW(p, body)                                                           \
  for (int64_t image = 0; image < (p)->batch; image++) {                                  \
    int64_t plane = image * (p)->in_h * (p)->in_w * (p)->channels;                        \
    for (int64_t row = 0; row < (p)->out_h; row++) {                                      \
      for (int64_t column = 0; column < (p)->out_w; column++) {                           \
        int64_t out = ((image * (p)->out_h + row) * (p)->out_w + column) * (p)->channels; \
        nn_window window = nn_window_at(p, row, column);                                  \
        body                                                                              \
      }                                                                                   \
    }                                                                                     \
  }

#define NN_EACH_PLACE(p, window)                                    \
  for (int64_t h = (window).top; h < (window).bottom; h++)          \
    for (int64_t w = (window).left; w < (window).right; w++)

static void nn_loop_max_pool(const nn_pool *p, const float *x, float *y, int32_t *argmax) {
  NN_EACH_WINDOW(p, {
    for (int64_t c = 0; c < p->channels; c += NN_LANES) {
      int64_t n = p->channels - c;
      nn_vec best = nn_splat(-__builtin_inff());
      nn_int place = nn_splat_int((int32_t)(window.top * p->in_w + window.left));
      NN_EACH_PLACE(p, window) {
        int64_t at = h * p->in_w + w;
        nn_vec v = nn_load_some(x + plane + at * p->channels + c, n);
        nn_int wins = (v > best) | ((v != v) & (best == best));
        best = nn_select(wins, v, best);
        place = nn_select_int(wins, nn_splat_int((int32_t)at), place);
      }
      nn_store_some(y + out + c, best, n);
      // Only bits are moved, so the float store serves for the indices too.
      nn_store_some((float *)(argmax + out + c), (nn_vec)place, n);
    }
  })
}

/// Whether every place of the image is in one window, and all of the window in the image.
NN_INLINE bool nn_windows_tile(const nn_pool *p) {
  return p->pad_top == 0 && p->pad_left == 0 && p->kernel_h == p->stride_h &&
         p->kernel_w == p->stride_w && p->in_h == p->out_h * p->stride_h &&
         p->in_w == p->out_w * p->stride_w;
}

/// Gives each window's gradient to its place; `adds` to what is there, or writes all places.
NN_INLINE void nn_max_pool_return(
  const nn_pool *p, const float *dy, const int32_t *argmax, float *dx, const bool adds) {
  NN_EACH_WINDOW(p, {
    for (int64_t c = 0; c < p->channels; c += NN_LANES) {
      int64_t n = p->channels - c;
      nn_vec gradient = nn_load_some(dy + out + c, n);
      nn_int place = (nn_int)nn_load_some((const float *)(argmax + out + c), n);
      NN_EACH_PLACE(p, window) {
        int64_t at = h * p->in_w + w;
        float *target = dx + plane + at * p->channels + c;
        nn_int is_here = place == nn_splat_int((int32_t)at);
        nn_vec share = (nn_vec)((nn_int)gradient & is_here);
        if (adds) share += nn_load_some(target, n);
        nn_store_some(target, share, n);
      }
    }
  })
}

static void nn_loop_max_pool_gradient(
  const nn_pool *p, const float *dy, const int32_t *argmax, float *dx) {
  if (nn_windows_tile(p)) {
    nn_max_pool_return(p, dy, argmax, dx, false);
    return;
  }
  memset(dx, 0, sizeof(float) * (size_t)(p->batch * p->in_h * p->in_w * p->channels));
  nn_max_pool_return(p, dy, argmax, dx, true);
}

NN_INLINE float nn_window_size(const nn_pool *p, nn_window w, bool count_include_pad) {
  if (count_include_pad) return (float)(p->kernel_h * p->kernel_w);
  int64_t height = w.bottom - w.top, width = w.right - w.left;
  // A window beside the image is empty; its sum is zero and must not become NaN.
  return height > 0 && width > 0 ? (float)(height * width) : 1.0f;
}

static void nn_loop_avg_pool(const nn_pool *p, const float *x, float *y, bool count_include_pad) {
  NN_EACH_WINDOW(p, {
    float size = nn_window_size(p, window, count_include_pad);
    for (int64_t c = 0; c < p->channels; c += NN_LANES) {
      int64_t n = p->channels - c;
      nn_vec sum = {0};
      NN_EACH_PLACE(p, window) {
        sum += nn_load_some(x + plane + (h * p->in_w + w) * p->channels + c, n);
      }
      nn_store_some(y + out + c, sum / size, n);
    }
  })
}

static void nn_loop_avg_pool_gradient(
  const nn_pool *p, const float *dy, float *dx, bool count_include_pad) {
  memset(dx, 0, sizeof(float) * (size_t)(p->batch * p->in_h * p->in_w * p->channels));
  NN_EACH_WINDOW(p, {
    float size = nn_window_size(p, window, count_include_pad);
    for (int64_t c = 0; c < p->channels; c += NN_LANES) {
      int64_t n = p->channels - c;
      nn_vec share = nn_load_some(dy + out + c, n) / size;
      NN_EACH_PLACE(p, window) {
        float *target = dx + plane + (h * p->in_w + w) * p->channels + c;
        nn_store_some(target, nn_load_some(target, n) + share, n);
      }
    }
  })
}

#endif
