// PNG and JPEG to samples, through libpng and libjpeg-turbo. Both libraries report errors by a jump,
// which Swift code cannot be on the way of; so the jumps begin and end here. There is no state
// between calls, and any number of threads may call at once.
#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>
#include <stdint.h>

enum cimages_status {
  CIMAGES_OK = 0,
  // The bytes break the rules of the format, or end early.
  CIMAGES_DAMAGED = 1,
  // They keep them, and hold what is not read, such as inks instead of light.
  CIMAGES_UNSUPPORTED = 2,
  // There are more pixels than the limit.
  CIMAGES_TOO_LARGE = 3,
};

struct cimages_header {
  int64_t width;
  int64_t height;
  // 1: grey, 2: grey and alpha, 3: red, green and blue, 4: these and alpha.
  int32_t channels;
  // 8 or 16; fewer are spread over 8.
  int32_t bits;
};

enum { CIMAGES_MESSAGE = 200 };

// Reads width, height and what the samples will be, and allocates nothing that depends on them.
//
// limit: the most pixels. message: CIMAGES_MESSAGE characters, of which the reason is written.
enum cimages_status cimages_png_header(
  const uint8_t *bytes, size_t count, int64_t limit, struct cimages_header *header, char *message);
enum cimages_status cimages_jpeg_header(
  const uint8_t *bytes, size_t count, int64_t limit, struct cimages_header *header, char *message);

// Decodes into [height, width, channels], of bytes or of 16-bit words in the machine's order.
//
// header: as the header function gave it for the same bytes. capacity: bytes of samples.
enum cimages_status cimages_png_decode(
  const uint8_t *bytes, size_t count, const struct cimages_header *header, void *samples,
  size_t capacity, char *message);
enum cimages_status cimages_jpeg_decode(
  const uint8_t *bytes, size_t count, const struct cimages_header *header, void *samples,
  size_t capacity, char *message);

// Writes [height, width, channels], one channel or three, of bytes as a PNG file.
//
// bytes: where the file is, until cimages_free is called with it; NULL unless the status is OK.
enum cimages_status cimages_png_encode(
  const uint8_t *samples, int64_t width, int64_t height, int32_t channels, uint8_t **bytes,
  size_t *count, char *message);
void cimages_free(uint8_t *bytes);

#endif
