// The part of libvpx that we use, in words that do not change with its version: one opaque decoder and plain numbers. The C compiler
// holds it to the headers of the libvpx that is there, so no layout is written down twice. `libvpx.rs` is its only caller.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

struct handrail_vpx {
  vpx_codec_ctx_t context;
};

// As in `libvpx.rs`.
struct handrail_vpx_image {
  const uint8_t *planes[3];
  uint32_t strides[3];
  uint32_t width;
  uint32_t height;
  uint32_t matrix;
  uint32_t full;
};

// What `handrail_vpx_decode` gives.
enum { FAILED = -1, HIDDEN = 0, SHOWN = 1 };

struct handrail_vpx *handrail_vpx_open(uint32_t is_vp8, uint32_t threads) {
  vpx_codec_iface_t *codec = is_vp8 ? vpx_codec_vp8_dx() : vpx_codec_vp9_dx();
  vpx_codec_dec_cfg_t config = {.threads = threads};
  struct handrail_vpx *decoder = calloc(1, sizeof *decoder);
  if (decoder == NULL) return NULL;
  if (vpx_codec_dec_init(&decoder->context, codec, &config, 0) == VPX_CODEC_OK) return decoder;
  free(decoder);
  return NULL;
}

void handrail_vpx_close(struct handrail_vpx *decoder) {
  vpx_codec_destroy(&decoder->context);
  free(decoder);
}

// Decodes one frame. The planes of an image that is shown live until the decoder is called again.
int32_t handrail_vpx_decode(struct handrail_vpx *decoder, const uint8_t *bytes, uint32_t length, struct handrail_vpx_image *shown) {
  vpx_codec_ctx_t *context = &decoder->context;
  int corrupted = 0;
  if (vpx_codec_decode(context, bytes, length, NULL, 0) != VPX_CODEC_OK) return FAILED;
  const vpx_image_t *newest = NULL;
  vpx_codec_iter_t iterator = NULL;
  for (const vpx_image_t *image; (image = vpx_codec_get_frame(context, &iterator)) != NULL;) newest = image;
  if (newest == NULL) return HIDDEN;
  if (vpx_codec_control(context, VP8D_GET_FRAME_CORRUPTED, &corrupted) != VPX_CODEC_OK || corrupted) return FAILED;
  if (newest->fmt != VPX_IMG_FMT_I420 || newest->bit_depth > 8) return FAILED;
  for (int plane = 0; plane < 3; plane++) {
    if (newest->planes[plane] == NULL || newest->stride[plane] < 0) return FAILED;
    shown->planes[plane] = newest->planes[plane];
    shown->strides[plane] = (uint32_t)newest->stride[plane];
  }
  shown->width = newest->d_w;
  shown->height = newest->d_h;
  shown->matrix = (uint32_t)newest->cs;
  shown->full = newest->range == VPX_CR_FULL_RANGE;
  return SHOWN;
}
