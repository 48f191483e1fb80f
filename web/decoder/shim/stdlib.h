// What zstd includes from the C library. There is no heap: the decoder lives in a workspace that picture.c gives it.
#pragma once
#include <stddef.h>
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void free(void *place);
static inline void abort(void) { __builtin_trap(); }
