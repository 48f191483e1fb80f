#!/bin/bash
# Builds picture.wasm from picture.c and zstd's own decoder (the C source of crate zstd-sys). Needs clang 14 and lld 14.
#   build.sh           builds, and writes picture.wasm and picture.wasm.sha256
#   build.sh --check   builds elsewhere and compares with the committed sum
set -euo pipefail
cd "$(dirname "$0")"
built=$(mktemp)
trap 'rm -f "$built"' EXIT

manifest=$(cargo metadata --format-version 1 --locked --offline --manifest-path ../../Cargo.toml |
  grep -o '"manifest_path":"[^"]*/zstd-sys-[^"]*/Cargo.toml"' | head -n 1 | cut -d '"' -f 4)
[ -n "$manifest" ] || { echo "crate zstd-sys is not here: run cargo fetch" >&2; exit 1; }
zstd=$(dirname "$manifest")/zstd/lib

sources=()
for name in common/{entropy_common,fse_decompress,zstd_common,error_private,xxhash} \
  decompress/{huf_decompress,zstd_decompress,zstd_decompress_block,zstd_ddict}; do
  sources+=("$zstd/$name.c")
done

"${CLANG:-clang}" --target=wasm32-unknown-unknown -Os -flto=full -ffreestanding -nostdlib \
  -msimd128 -mbulk-memory -fno-stack-protector -fvisibility=hidden \
  -Wall -Wextra -Wno-unused-function \
  -Ishim -isystem "$zstd" -isystem "$zstd/common" \
  -DNDEBUG -DDEBUGLEVEL=0 -DZSTD_LEGACY_SUPPORT=0 -DZSTD_DISABLE_ASM=1 -DZSTD_STRIP_ERROR_STRINGS=1 \
  -DZSTDLIB_VISIBLE= -DZSTDERRORLIB_VISIBLE= -DZSTD_NO_TRACE=1 \
  "${sources[@]}" picture.c \
  -Wl,--no-entry,--strip-all,--gc-sections,-z,stack-size=65536,--max-memory=469762048 -o "$built"

sum=$(sha256sum "$built" | cut -d ' ' -f 1)
if [ "${1:-}" = --check ]; then
  # Another compiler gives other bytes of the same meaning; the vectors hold the committed file in any case.
  if ! "${CLANG:-clang}" --version | grep -q 'version 14\.'; then
    sha256sum --check --quiet picture.wasm.sha256
    echo "picture.wasm was not built anew for comparison: that needs clang 14"
    exit
  fi
  [ "$sum" = "$(cut -d ' ' -f 1 picture.wasm.sha256)" ] || { echo "picture.wasm is not what its source gives: $sum" >&2; exit 1; }
  sha256sum --check --quiet picture.wasm.sha256
else
  install -m 644 "$built" picture.wasm
  echo "$sum  picture.wasm" > picture.wasm.sha256
fi
