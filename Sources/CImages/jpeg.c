// JPEG, baseline and progressive, grey and coloured. So that the same bytes come out everywhere:
// the accurate integer transform, smooth ("fancy") upsampling of colours, as libjpeg does by
// default, and no smoothing of blocks, which differs from version to version. What is a warning to
// libjpeg, such as an early end filled with grey, is an error here.
#include "CImages.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

struct failure {
  struct jpeg_error_mgr base;
  jmp_buf place;
  char *message;
  // Read again behind the jump.
  volatile enum cimages_status status;
};

// A progressive picture of a few bytes may ask for any number of passes over all its pixels.
enum { MOST_SCANS = 500 };

static void fail(j_common_ptr info) {
  struct failure *failure = (struct failure *)info->err;
  char text[JMSG_LENGTH_MAX];
  switch (info->err->msg_code) {
  case JERR_ARITH_NOTIMPL:
  case JERR_BAD_PRECISION:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_SOF_UNSUPPORTED:
    failure->status = CIMAGES_UNSUPPORTED;
    break;
  default:
    break;
  }
  failure->base.format_message(info, text);
  snprintf(failure->message, CIMAGES_MESSAGE, "%.*s", CIMAGES_MESSAGE - 1, text);
  longjmp(failure->place, 1);
}

static void warn(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
  // Bytes that cameras leave between segments, and versions that nobody minds.
  case JWRN_EXTRANEOUS_DATA:
  case JWRN_JFIF_MAJOR:
  case JWRN_ADOBE_XFORM:
    return;
  case JWRN_JPEG_EOF:
  case JWRN_HIT_MARKER: {
    struct failure *failure = (struct failure *)info->err;
    snprintf(failure->message, CIMAGES_MESSAGE, "it ends too early");
    longjmp(failure->place, 1);
  }
  default:
    fail(info);
  }
}

static void silence(j_common_ptr info) { (void)info; }

static void watch(j_common_ptr info) {
  if (((j_decompress_ptr)info)->input_scan_number <= MOST_SCANS) return;
  struct failure *failure = (struct failure *)info->err;
  snprintf(failure->message, CIMAGES_MESSAGE, "it has more than %d scans", MOST_SCANS);
  longjmp(failure->place, 1);
}

static void start(
  struct jpeg_decompress_struct *info, struct failure *failure, char *message
) {
  memset(info, 0, sizeof(*info));
  info->err = jpeg_std_error(&failure->base);
  failure->base.error_exit = fail;
  failure->base.emit_message = warn;
  failure->base.output_message = silence;
  failure->message = message;
  failure->status = CIMAGES_DAMAGED;
}

static enum cimages_status describe(
  struct jpeg_decompress_struct *info, int64_t limit, struct cimages_header *header,
  char *message
) {
  header->width = info->image_width;
  header->height = info->image_height;
  header->bits = 8;
  switch (info->jpeg_color_space) {
  case JCS_GRAYSCALE:
    header->channels = 1;
    info->out_color_space = JCS_GRAYSCALE;
    break;
  case JCS_YCbCr:
  case JCS_RGB:
    header->channels = 3;
    info->out_color_space = JCS_RGB;
    break;
  case JCS_CMYK:
  case JCS_YCCK:
    snprintf(message, CIMAGES_MESSAGE, "its colours are inks (CMYK)");
    return CIMAGES_UNSUPPORTED;
  default:
    snprintf(message, CIMAGES_MESSAGE, "it has %d components", info->num_components);
    return CIMAGES_UNSUPPORTED;
  }
  if (header->width > limit / header->height) {
    snprintf(
      message, CIMAGES_MESSAGE, "it has %lld × %lld pixels", (long long)header->width,
      (long long)header->height);
    return CIMAGES_TOO_LARGE;
  }
  return CIMAGES_OK;
}

enum cimages_status cimages_jpeg_header(
  const uint8_t *bytes, size_t count, int64_t limit, struct cimages_header *header, char *message
) {
  struct jpeg_decompress_struct info;
  struct failure failure;
  start(&info, &failure, message);
  if (setjmp(failure.place)) {
    jpeg_destroy_decompress(&info);
    return failure.status;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, bytes, count);
  jpeg_read_header(&info, TRUE);
  const enum cimages_status status = describe(&info, limit, header, message);
  jpeg_destroy_decompress(&info);
  return status;
}

static void decode(
  struct jpeg_decompress_struct *info, const struct cimages_header *header, uint8_t *samples,
  size_t capacity, char *message
) {
  info->dct_method = JDCT_ISLOW;
  info->do_fancy_upsampling = TRUE;
  info->do_block_smoothing = FALSE;
  jpeg_start_decompress(info);
  const size_t row = (size_t)header->width * (size_t)header->channels;
  if (info->output_width != header->width || info->output_height != header->height
      || info->output_components != header->channels
      || capacity / row < (size_t)header->height) {
    snprintf(message, CIMAGES_MESSAGE, "its header changed");
    longjmp(((struct failure *)info->err)->place, 1);
  }
  while (info->output_scanline < info->output_height) {
    JSAMPROW line = samples + (size_t)info->output_scanline * row;
    jpeg_read_scanlines(info, &line, 1);
  }
  jpeg_finish_decompress(info);
}

enum cimages_status cimages_jpeg_decode(
  const uint8_t *bytes, size_t count, const struct cimages_header *header, void *samples,
  size_t capacity, char *message
) {
  struct jpeg_decompress_struct info;
  struct failure failure;
  struct jpeg_progress_mgr progress = {.progress_monitor = watch};
  start(&info, &failure, message);
  if (setjmp(failure.place)) {
    jpeg_destroy_decompress(&info);
    return failure.status;
  }
  jpeg_create_decompress(&info);
  info.progress = &progress;
  jpeg_mem_src(&info, bytes, count);
  jpeg_read_header(&info, TRUE);
  struct cimages_header own;
  const enum cimages_status status = describe(&info, INT64_MAX, &own, message);
  if (status != CIMAGES_OK || own.channels != header->channels) {
    jpeg_destroy_decompress(&info);
    return status == CIMAGES_OK ? CIMAGES_DAMAGED : status;
  }
  decode(&info, header, samples, capacity, message);
  jpeg_destroy_decompress(&info);
  return CIMAGES_OK;
}
