// Writes PNG: eight bits, no interlacing, no chunk but those there must be, so that the same samples
// are the same bytes.
#include "CImages.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sink {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  char *message;
};

static void put(png_structp png, png_bytep input, size_t count) {
  struct sink *sink = png_get_io_ptr(png);
  if (count > sink->capacity - sink->count) {
    const size_t wanted = sink->count + count;
    const size_t capacity = wanted < SIZE_MAX / 2 ? wanted * 2 : wanted;
    uint8_t *bytes = wanted < count ? NULL : realloc(sink->bytes, capacity);
    if (!bytes) png_error(png, "there is no memory for it");
    sink->bytes = bytes;
    sink->capacity = capacity;
  }
  memcpy(sink->bytes + sink->count, input, count);
  sink->count += count;
}

static void flush(png_structp png) { (void)png; }

static void fail(png_structp png, png_const_charp text) {
  struct sink *sink = png_get_error_ptr(png);
  snprintf(sink->message, CIMAGES_MESSAGE, "%s", text);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

enum cimages_status cimages_png_encode(
  const uint8_t *samples, int64_t width, int64_t height, int32_t channels, uint8_t **bytes,
  size_t *count, char *message
) {
  *bytes = NULL;
  *count = 0;
  if (width < 1 || height < 1 || width > INT32_MAX || height > INT32_MAX
      || (channels != 1 && channels != 3)) {
    snprintf(message, CIMAGES_MESSAGE, "a picture of that size cannot be written");
    return CIMAGES_UNSUPPORTED;
  }
  struct sink sink = {NULL, 0, 0, message};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &sink, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info || setjmp(png_jmpbuf(png))) {
    if (!info) snprintf(message, CIMAGES_MESSAGE, "libpng does not start");
    png_destroy_write_struct(&png, &info);
    free(sink.bytes);
    return CIMAGES_DAMAGED;
  }
  png_set_write_fn(png, &sink, put, flush);
  png_set_user_limits(png, INT32_MAX, INT32_MAX);
  png_set_compression_level(png, 6);
  png_set_IHDR(
    png, info, (png_uint_32)width, (png_uint_32)height, 8,
    channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  const size_t row = (size_t)width * (size_t)channels;
  for (int64_t y = 0; y < height; y++) png_write_row(png, samples + (size_t)y * row);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  *bytes = sink.bytes;
  *count = sink.count;
  return CIMAGES_OK;
}

void cimages_free(uint8_t *bytes) { free(bytes); }
