// PNG of every colour type and depth, interlaced or not. Transparency, of a palette or a colour too,
// becomes alpha; gamma and colour profiles are left alone. What is benign to libpng, such as a wrong
// check sum of the pixels, is an error here.
#include "CImages.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

struct source {
  const uint8_t *next;
  size_t left;
  char *message;
};

static void take(png_structp png, png_bytep output, size_t count) {
  struct source *source = png_get_io_ptr(png);
  if (count > source->left) png_error(png, "it ends too early");
  memcpy(output, source->next, count);
  source->next += count;
  source->left -= count;
}

static void fail(png_structp png, png_const_charp text) {
  struct source *source = png_get_error_ptr(png);
  snprintf(source->message, CIMAGES_MESSAGE, "%s", text);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

// Chunks that change no sample; the rest of the unknown ones are skipped anyway.
static const png_byte skipped[] =
  "bKGD\0cHRM\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0"
  "zTXt\0eXIf\0sTER";

// Reads up to the pixels and asks for what the header promises.
static void prepare(png_structp png, png_infop info, struct source *source) {
  png_set_read_fn(png, source, take);
  png_set_benign_errors(png, 0);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, skipped, sizeof(skipped) / 5);
  png_read_info(png, info);
}

static enum cimages_status describe(
  png_structp png, png_infop info, size_t count, int64_t limit, struct cimages_header *header,
  char *message
) {
  const int64_t width = png_get_image_width(png, info);
  const int64_t height = png_get_image_height(png, info);
  const int color = png_get_color_type(png, info);
  const int has_alpha =
    (color & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, info, PNG_INFO_tRNS);
  header->width = width;
  header->height = height;
  header->channels = (color & PNG_COLOR_MASK_COLOR ? 3 : 1) + (has_alpha ? 1 : 0);
  header->bits = png_get_bit_depth(png, info) == 16 ? 16 : 8;
  if (width > limit / height) {
    snprintf(
      message, CIMAGES_MESSAGE, "it has %lld × %lld pixels", (long long)width, (long long)height);
    return CIMAGES_TOO_LARGE;
  }
  // Deflate makes at most 1032 bytes of one, so fewer cannot hold the pixels.
  const int64_t stored = (int64_t)png_get_rowbytes(png, info) * height;
  if (stored / 1032 > (int64_t)count) {
    snprintf(message, CIMAGES_MESSAGE, "it ends too early");
    return CIMAGES_DAMAGED;
  }
  return CIMAGES_OK;
}

static void decode(
  png_structp png, png_infop info, const struct cimages_header *header, uint8_t *samples,
  size_t capacity
) {
  // Palettes to colours, few bits to 8, a transparent colour to alpha.
  png_set_expand(png);
  const uint16_t one = 1;
  if (header->bits == 16 && *(const uint8_t *)&one == 1) png_set_swap(png);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const size_t row =
    (size_t)header->width * (size_t)header->channels * (size_t)(header->bits / 8);
  if (png_get_rowbytes(png, info) != row || png_get_image_height(png, info) != header->height
      || capacity / row < (size_t)header->height) {
    png_error(png, "its header changed");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (int64_t y = 0; y < header->height; y++) {
      png_read_row(png, samples + (size_t)y * row, NULL);
    }
  }
  // What follows the pixels has check sums too.
  png_read_end(png, NULL);
}

enum cimages_status cimages_png_header(
  const uint8_t *bytes, size_t count, int64_t limit, struct cimages_header *header, char *message
) {
  struct source source = {bytes, count, message};
  png_structp png =
    png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info || setjmp(png_jmpbuf(png))) {
    if (!info) snprintf(message, CIMAGES_MESSAGE, "libpng does not start");
    png_destroy_read_struct(&png, &info, NULL);
    return CIMAGES_DAMAGED;
  }
  prepare(png, info, &source);
  const enum cimages_status status = describe(png, info, count, limit, header, message);
  png_destroy_read_struct(&png, &info, NULL);
  return status;
}

enum cimages_status cimages_png_decode(
  const uint8_t *bytes, size_t count, const struct cimages_header *header, void *samples,
  size_t capacity, char *message
) {
  struct source source = {bytes, count, message};
  png_structp png =
    png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info || setjmp(png_jmpbuf(png))) {
    if (!info) snprintf(message, CIMAGES_MESSAGE, "libpng does not start");
    png_destroy_read_struct(&png, &info, NULL);
    return CIMAGES_DAMAGED;
  }
  prepare(png, info, &source);
  decode(png, info, header, samples, capacity);
  png_destroy_read_struct(&png, &info, NULL);
  return CIMAGES_OK;
}
