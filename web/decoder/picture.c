// The picture decoder of the browser (SPEC 7): slices in, an RGBA picture out.
//
// It twins protocol/picture, in the same order of checks. It has no imports and no heap: picture_init() sizes the
// workspace, a RESET sizes the picture, and every other number of the peer is checked before it is used.

#define ZSTD_STATIC_LINKING_ONLY
#include "zstd.h"
#include "zstd_errors.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name), used)) name

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

// ---- Bounds (SPEC 7.3)

enum {
  MIN_WINDOW_LOG = 20,
  MAX_WINDOW_LOG = 27,
  MAX_SIDE = 16384,
  MAX_PICTURE_BYTES = 256 << 20,
  MAX_PLAIN = 256 << 10,
  MAX_PACKED = 272 << 10,
  MAX_SLICE = 288 << 10, // the longest message of channel picture (SPEC 4)
  MAX_OPERATIONS = 1024,
  MAX_DRAWN_PICTURES = 4,
  MAX_IDS = 64, // of cursor shapes, and of stills
};

// ---- Layout (SPEC 7.1, 7.2, 7.5)

enum { HEADER_BYTES = 21, RESET_BYTES = 5 };
enum { FLAG_LAST = 1, FLAG_RESET = 2 };
enum { RECT = 1, MOVE = 2, FILL = 3, CURSOR_SHAPE = 4, STILL = 5, STILL_END = 6 };
enum { JPEG_START = 0xd8, JPEG_BASELINE = 0xc0, JPEG_HUFFMAN = 0xc4, JPEG_QUANT = 0xdb, JPEG_RESTART = 0xdd };
enum { JPEG_COMMENT = 0xfe, JPEG_APP_FIRST = 0xe0, JPEG_APP_LAST = 0xef };

// ---- Errors. The numbers are those of error.ts in the viewer.

enum {
  OK = 0,
  E_PICTURE_SIZE,
  E_HEADER_TRUNCATED,
  E_FLAGS,
  E_WINDOW,
  E_CONTEXT,
  E_UPDATE,
  E_PLAIN_LENGTH,
  E_PACKED_LENGTH,
  E_EMPTY,
  E_ZSTD,
  E_FRAME_ENDED,
  E_LENGTH,
  E_OPERATION,
  E_OPERATION_TRUNCATED,
  E_OUTSIDE,
  E_TOO_MUCH_DRAWING,
  E_LATE_MOVE,
  E_ID,
  E_SHAPE,
  E_STILL,
  E_IMAGE,
  E_BROKEN,
  E_MEMORY,
};

typedef struct {
  u32 x, y, w, h;
} Rect;

typedef struct {
  u32 context, update;
  u64 input;
  u32 plain_len;
  bool last, reset;
  u32 width, height, window_log;
} Header;

// Bytes that are read from the front.
typedef struct {
  const u8 *at;
  u32 left;
} Bytes;

// ---- What TypeScript reads, all u32

// context, update, input (low, high), last, resized, touched, shapes, stills, width, height, address of the picture.
enum { APPLIED_WORDS = 12 };
static u32 applied[APPLIED_WORDS];
// x, y, w, h. A still that moves touches two places.
static u32 touched[MAX_OPERATIONS * 2][4];
static u32 touched_count;
// id, width, height, hot_x, hot_y, address of RGBA. Valid until the next slice.
static u32 shape_news[MAX_OPERATIONS][6];
static u32 shape_count;
// id, x, y, w, h, address and length of the JPEG file. Length 0 is the end of the still.
static u32 still_news[MAX_OPERATIONS][7];
static u32 still_count;

// ---- State

static ZSTD_DStream *stream;
static u32 window_log_max;
static u8 *slice_bytes;
static u8 *plain_bytes;
static u8 *pixels;
static u32 pixels_capacity;
static u32 width, height;
// The last context and update that were heard of, also when they broke.
static u32 context_now, update_now;
static bool staged, update_open, broken;
static Rect stills[MAX_IDS];
static bool still_used[MAX_IDS];

// ---- The C library that zstd needs

void *memcpy(void *to, const void *from, size_t size) { return __builtin_memcpy(to, from, size); }
void *memmove(void *to, const void *from, size_t size) { return __builtin_memmove(to, from, size); }
void *memset(void *to, int byte, size_t size) { return __builtin_memset(to, byte, size); }
void *malloc(size_t size) { (void)size; return 0; }
void *calloc(size_t count, size_t size) { (void)count; (void)size; return 0; }
void free(void *place) { (void)place; }

// ---- Memory: from the end of the program upwards, never given back

extern u8 __heap_base;
static u32 memory_top;

static bool reach(u64 end) {
  const u32 page = 65536;
  u64 have = (u64)__builtin_wasm_memory_size(0) * page;
  if (end <= have) return true;
  if (end > UINT32_MAX - page) return false;
  return __builtin_wasm_memory_grow(0, (size_t)((end - have + page - 1) / page)) != (size_t)-1;
}

static u8 *take(u32 size) {
  u32 start = (memory_top + 63) & ~63u;
  if (!reach((u64)start + size)) return 0;
  memory_top = start + size;
  return (u8 *)start;
}

// The picture is what was taken last, so it grows where it stands.
static bool make_room(u32 bytes) {
  if (!pixels) pixels = take(0);
  if (!pixels || !reach((u64)(u32)pixels + bytes)) return false;
  if (bytes > pixels_capacity) pixels_capacity = bytes;
  memory_top = (u32)pixels + pixels_capacity;
  return true;
}

// ---- Reading

static bool split(Bytes *from, u32 size, const u8 **part) {
  if (size > from->left) return false;
  *part = from->at;
  from->at += size;
  from->left -= size;
  return true;
}

static u32 little16(const u8 *at) { return at[0] | (u32)at[1] << 8; }
static u32 little32(const u8 *at) { return little16(at) | little16(at + 2) << 16; }
static u32 big16(const u8 *at) { return (u32)at[0] << 8 | at[1]; }

static int read_header(Bytes *from, Header *header) {
  const u8 *at;
  if (!split(from, HEADER_BYTES, &at)) return E_HEADER_TRUNCATED;
  header->context = little32(at);
  header->update = little32(at + 4);
  header->input = little32(at + 8) | (u64)little32(at + 12) << 32;
  header->plain_len = little32(at + 16);
  if (at[20] & ~(FLAG_LAST | FLAG_RESET)) return E_FLAGS;
  header->last = at[20] & FLAG_LAST;
  header->reset = at[20] & FLAG_RESET;
  if (!header->reset) return OK;
  if (!split(from, RESET_BYTES, &at)) return E_HEADER_TRUNCATED;
  header->width = little16(at);
  header->height = little16(at + 2);
  header->window_log = at[4];
  return OK;
}

// ---- A new context (SPEC 7.7)

static void paint_black(void) {
  u32 *pixel = (u32 *)pixels;
  for (u32 i = 0; i < width * height; i++) pixel[i] = 0xff000000u;
}

static int begin_context(const Header *header) {
  if (header->context <= context_now) return E_CONTEXT;
  if (header->update <= update_now) return E_UPDATE;
  if (header->window_log < MIN_WINDOW_LOG || header->window_log > window_log_max) return E_WINDOW;
  staged = false;
  u32 w = header->width, h = header->height;
  if (!w || !h || w > MAX_SIDE || h > MAX_SIDE || (u64)w * h * 4 > MAX_PICTURE_BYTES) return E_PICTURE_SIZE;
  if (!make_room(w * h * 4)) return E_MEMORY;
  if (ZSTD_isError(ZSTD_DCtx_reset(stream, ZSTD_reset_session_only))) return E_ZSTD;
  if (ZSTD_isError(ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, (int)header->window_log))) return E_ZSTD;
  width = w;
  height = h;
  paint_black();
  memset(still_used, 0, sizeof still_used);
  context_now = header->context;
  update_open = false;
  staged = true;
  return OK;
}

// ---- Unpacking: exactly these bytes must give exactly the declared ones

static int unpack(Bytes packed, u32 declared) {
  if (declared > MAX_PLAIN) return E_PLAIN_LENGTH;
  if (packed.left > MAX_PACKED) return E_PACKED_LENGTH;
  if (!packed.left || !declared) return packed.left == declared ? OK : E_EMPTY;
  ZSTD_inBuffer in = {packed.at, packed.left, 0};
  ZSTD_outBuffer out = {plain_bytes, declared + 1, 0}; // output beyond the declared length shows in the byte more
  for (;;) {
    size_t in_before = in.pos, out_before = out.pos;
    size_t hint = ZSTD_decompressStream(stream, &out, &in);
    if (ZSTD_isError(hint)) return E_ZSTD;
    if (hint == 0) return E_FRAME_ENDED;
    if (out.pos > declared) return E_LENGTH;
    // Input used up is not enough: zstd may still hold output back.
    if (in.pos == in_before && out.pos == out_before) break;
  }
  return out.pos == declared && in.pos == packed.left ? OK : E_LENGTH;
}

// ---- Drawing

static bool is_inside(Rect r) { return r.w && r.h && r.x + r.w <= width && r.y + r.h <= height; }
static u8 *pixel_at(u32 x, u32 y) { return pixels + ((size_t)y * width + x) * 4; }

static void note_touched(Rect r) {
  u32 *place = touched[touched_count++];
  place[0] = r.x, place[1] = r.y, place[2] = r.w, place[3] = r.h;
}

// Four pixels at a time read 16 bytes for 12: behind the plain bytes are 16 to spare.
static void put_row(u8 *to, const u8 *rgb, u32 count) {
  const v128_t opaque = wasm_i32x4_splat((int)0xff000000);
  u32 i = 0;
  for (; i + 4 <= count; i += 4) {
    v128_t bytes = wasm_v128_load(rgb + i * 3);
    v128_t spread = wasm_i8x16_shuffle(bytes, opaque, 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11, 16);
    wasm_v128_store(to + i * 4, wasm_v128_or(spread, opaque));
  }
  for (; i < count; i++) {
    to[i * 4] = rgb[i * 3], to[i * 4 + 1] = rgb[i * 3 + 1], to[i * 4 + 2] = rgb[i * 3 + 2], to[i * 4 + 3] = 255;
  }
}

static void put_rgb(Rect to, const u8 *rgb) {
  for (u32 row = 0; row < to.h; row++) put_row(pixel_at(to.x, to.y + row), rgb + row * to.w * 3, to.w);
}

// As if all source pixels were read first (SPEC 7.4).
static void shift(Rect to, u32 sx, u32 sy) {
  for (u32 i = 0; i < to.h; i++) {
    u32 row = to.y > sy ? to.h - 1 - i : i;
    memmove(pixel_at(to.x, to.y + row), pixel_at(sx, sy + row), to.w * 4);
  }
}

static void fill(Rect to, const u8 *rgb) {
  u32 colour = rgb[0] | (u32)rgb[1] << 8 | (u32)rgb[2] << 16 | 0xff000000u;
  for (u32 row = 0; row < to.h; row++) {
    u32 *pixel = (u32 *)pixel_at(to.x, to.y + row);
    for (u32 i = 0; i < to.w; i++) pixel[i] = colour;
  }
}

// ---- Stills (SPEC 7.5)

// Eight bits, three components, the size of the place.
static int check_frame(Rect to, const u8 *segment, u32 length) {
  if (length < 6 || segment[0] != 8 || segment[5] != 3) return E_IMAGE;
  return big16(segment + 1) == to.h && big16(segment + 3) == to.w ? OK : E_IMAGE;
}

static bool may_stand_before_frame(u8 kind) {
  bool app = kind >= JPEG_APP_FIRST && kind <= JPEG_APP_LAST;
  return app || kind == JPEG_QUANT || kind == JPEG_HUFFMAN || kind == JPEG_RESTART || kind == JPEG_COMMENT;
}

// The markers up to the frame header: the part that decides what a decoder allocates.
static int check_image(Rect to, Bytes image) {
  const u8 *at, *segment;
  if (!split(&image, 2, &at) || at[0] != 0xff || at[1] != JPEG_START) return E_IMAGE;
  for (;;) {
    if (!split(&image, 4, &at)) return E_IMAGE;
    u32 length = big16(at + 2);
    if (length < 2 || !split(&image, length - 2, &segment)) return E_IMAGE;
    if (at[0] != 0xff) return E_IMAGE;
    if (at[1] == JPEG_BASELINE) return check_frame(to, segment, length - 2);
    if (!may_stand_before_frame(at[1])) return E_IMAGE;
  }
}

static bool overlap(Rect a, Rect b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static void note_still(u32 id, Rect to, const u8 *image, u32 length) {
  u32 *news = still_news[still_count++];
  news[0] = id, news[1] = to.x, news[2] = to.y, news[3] = to.w, news[4] = to.h;
  news[5] = (u32)image, news[6] = length;
}

static int put_still(u32 id, Rect to, Bytes image) {
  if (!is_inside(to)) return E_OUTSIDE;
  int wrong = check_image(to, image);
  if (wrong) return wrong;
  for (u32 other = 0; other < MAX_IDS; other++) {
    if (other != id && still_used[other] && overlap(stills[other], to)) return E_STILL;
  }
  if (id >= MAX_IDS) return E_ID;
  Rect old = stills[id];
  bool moved = still_used[id] && (old.x != to.x || old.y != to.y || old.w != to.w || old.h != to.h);
  if (moved) note_touched(old);
  note_touched(to);
  stills[id] = to;
  still_used[id] = true;
  note_still(id, to, image.at, image.left);
  return OK;
}

static int end_still(u32 id) {
  if (id >= MAX_IDS || !still_used[id]) return E_STILL;
  still_used[id] = false;
  note_touched(stills[id]);
  note_still(id, stills[id], 0, 0);
  return OK;
}

// ---- Operations (SPEC 7.2)

// What a slice may still draw: a small slice must not cost seconds of work (SPEC 7.3).
typedef struct {
  u32 operations;
  u64 pixels;
  bool moves;
} Budget;

static int spend(Budget *budget, u32 kind, u64 area) {
  if (kind == MOVE && !budget->moves) return E_LATE_MOVE;
  budget->moves = kind == MOVE;
  if (!budget->operations || area > budget->pixels) return E_TOO_MUCH_DRAWING;
  budget->operations -= 1;
  budget->pixels -= area;
  return OK;
}

static bool read_rect(Bytes *from, Rect *rect) {
  const u8 *at;
  if (!split(from, 8, &at)) return false;
  *rect = (Rect){little16(at), little16(at + 2), little16(at + 4), little16(at + 6)};
  return true;
}

static int apply_rect(Bytes *from, Budget *budget) {
  Rect to;
  const u8 *rgb;
  if (!read_rect(from, &to)) return E_OPERATION_TRUNCATED;
  u64 bytes = (u64)to.w * to.h * 3;
  if (bytes > from->left || !split(from, (u32)bytes, &rgb)) return E_OPERATION_TRUNCATED;
  int wrong = spend(budget, RECT, (u64)to.w * to.h);
  if (wrong) return wrong;
  if (!is_inside(to)) return E_OUTSIDE;
  put_rgb(to, rgb);
  note_touched(to);
  return OK;
}

static int apply_move(Bytes *from, Budget *budget) {
  Rect to;
  const u8 *source;
  if (!read_rect(from, &to) || !split(from, 4, &source)) return E_OPERATION_TRUNCATED;
  int wrong = spend(budget, MOVE, (u64)to.w * to.h);
  if (wrong) return wrong;
  u32 sx = little16(source), sy = little16(source + 2);
  if (!is_inside((Rect){sx, sy, to.w, to.h}) || !is_inside(to)) return E_OUTSIDE;
  shift(to, sx, sy);
  note_touched(to);
  return OK;
}

static int apply_fill(Bytes *from, Budget *budget) {
  Rect to;
  const u8 *rgb;
  if (!read_rect(from, &to) || !split(from, 3, &rgb)) return E_OPERATION_TRUNCATED;
  int wrong = spend(budget, FILL, (u64)to.w * to.h);
  if (wrong) return wrong;
  if (!is_inside(to)) return E_OUTSIDE;
  fill(to, rgb);
  note_touched(to);
  return OK;
}

static int apply_shape(Bytes *from, Budget *budget) {
  const u8 *head, *rgba;
  if (!split(from, 5, &head)) return E_OPERATION_TRUNCATED;
  u32 id = head[0], w = head[1], h = head[2], hot_x = head[3], hot_y = head[4];
  if (!split(from, w * h * 4, &rgba)) return E_OPERATION_TRUNCATED;
  int wrong = spend(budget, CURSOR_SHAPE, 0);
  if (wrong) return wrong;
  if (id >= MAX_IDS) return E_ID;
  if (hot_x >= w || hot_y >= h) return E_SHAPE; // so a side of 0 is refused too
  u32 *news = shape_news[shape_count++];
  news[0] = id, news[1] = w, news[2] = h, news[3] = hot_x, news[4] = hot_y, news[5] = (u32)rgba;
  return OK;
}

static int apply_still(Bytes *from, Budget *budget) {
  const u8 *id, *length, *image;
  Rect to;
  if (!split(from, 1, &id) || !read_rect(from, &to) || !split(from, 4, &length)) return E_OPERATION_TRUNCATED;
  u32 bytes = little32(length);
  if (!split(from, bytes, &image)) return E_OPERATION_TRUNCATED;
  int wrong = spend(budget, STILL, (u64)to.w * to.h);
  return wrong ? wrong : put_still(*id, to, (Bytes){image, bytes});
}

static int apply_still_end(Bytes *from, Budget *budget) {
  const u8 *id;
  if (!split(from, 1, &id)) return E_OPERATION_TRUNCATED;
  int wrong = spend(budget, STILL_END, 0);
  return wrong ? wrong : end_still(*id);
}

static int apply_operation(Bytes *from, Budget *budget) {
  const u8 *kind;
  if (!split(from, 1, &kind)) return E_OPERATION_TRUNCATED;
  switch (*kind) {
    case RECT: return apply_rect(from, budget);
    case MOVE: return apply_move(from, budget);
    case FILL: return apply_fill(from, budget);
    case CURSOR_SHAPE: return apply_shape(from, budget);
    case STILL: return apply_still(from, budget);
    case STILL_END: return apply_still_end(from, budget);
    default: return E_OPERATION;
  }
}

static int apply_all(u32 length) {
  Bytes rest = {plain_bytes, length};
  Budget budget = {MAX_OPERATIONS, (u64)width * height * MAX_DRAWN_PICTURES, true};
  while (rest.left) {
    int wrong = apply_operation(&rest, &budget);
    if (wrong) return wrong;
  }
  return OK;
}

// ---- Slices (SPEC 7.1)

static void tell(const Header *header) {
  if (header->reset) {
    touched_count = 0;
    note_touched((Rect){0, 0, width, height});
  }
  u32 words[APPLIED_WORDS] = {
      header->context, header->update, (u32)header->input, (u32)(header->input >> 32), header->last, header->reset,
      touched_count,   shape_count,    still_count,        width,                      height,       (u32)pixels,
  };
  memcpy(applied, words, sizeof words);
}

static int push(u32 length) {
  Bytes rest = {slice_bytes, length};
  Header header = {0};
  int wrong = read_header(&rest, &header);
  if (wrong) return wrong;
  if (!header.plain_len && !rest.left && !header.last && !header.reset) return E_EMPTY;
  if (header.reset && (wrong = begin_context(&header))) return wrong;
  if (!staged || (broken && !header.reset)) return E_BROKEN;
  if (header.context != context_now) return E_CONTEXT;
  if (update_open ? header.update != update_now : header.update <= update_now) return E_UPDATE;
  update_now = header.update;
  update_open = !header.last;
  if ((wrong = unpack(rest, header.plain_len)) || (wrong = apply_all(header.plain_len))) return wrong;
  tell(&header);
  return OK;
}

// ---- Exports

// Once for each instance, before all else: the largest window that the peer may ask for.
int EXPORT(picture_init)(u32 largest_window_log) {
  if (stream || largest_window_log < MIN_WINDOW_LOG || largest_window_log > MAX_WINDOW_LOG) return E_WINDOW;
  memory_top = (u32)&__heap_base;
  window_log_max = largest_window_log;
  size_t size = ZSTD_estimateDStreamSize((size_t)1 << largest_window_log);
  u8 *workspace = take(size);
  slice_bytes = take(MAX_SLICE);
  plain_bytes = take(MAX_PLAIN + 32);
  if (!workspace || !slice_bytes || !plain_bytes) return E_MEMORY;
  stream = ZSTD_initStaticDStream(workspace, size);
  return stream ? OK : E_MEMORY;
}

// Where a slice is put.
u8 *EXPORT(picture_slice)(void) { return slice_bytes; }

// Applies the slice of this length. After an error everything is refused until a slice with RESET.
int EXPORT(picture_push)(u32 length) {
  touched_count = shape_count = still_count = 0;
  if (!stream) return E_MEMORY;
  int wrong = length > MAX_SLICE ? E_PACKED_LENGTH : push(length);
  broken = wrong != OK;
  return wrong;
}

u32 *EXPORT(picture_applied)(void) { return applied; }
u32 *EXPORT(picture_touched)(void) { return touched[0]; }
u32 *EXPORT(picture_shapes)(void) { return shape_news[0]; }
u32 *EXPORT(picture_stills)(void) { return still_news[0]; }
