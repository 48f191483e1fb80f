#!/usr/bin/env bash
# Makes the videos of the tests anew: four coloured squares, and a white one that walks. Needs ffmpeg with libvpx.
set -euo pipefail
cd "$(dirname "$0")"

# NAME WIDTH HEIGHT FRAMES MATRIX RANGE, then more for the encoder
film() {
  local name=$1 width=$2 height=$3 frames=$4 matrix=$5 range=$6
  shift 6
  local half="w=iw/2:h=ih/2:t=fill"
  local squares="drawbox=x=0:y=0:c=0xdc1e1e:$half,drawbox=x=iw/2:y=0:c=0x1ea03c:$half,drawbox=x=0:y=ih/2:c=0x1e3cdc:$half"
  ffmpeg -hide_banner -loglevel error -y -bitexact \
    -f lavfi -i "color=c=0xf0f0f0:s=${width}x${height}:r=25,format=gbrp,$squares" \
    -f lavfi -i "color=c=white:s=16x16:r=25,format=gbrp" \
    -filter_complex "[0][1]overlay=x=4+8*n:y=4:format=gbrp,scale=out_color_matrix=$matrix:out_range=$range,format=${PIXELS:-yuv420p}" \
    -frames:v "$frames" -g 100 -threads 1 -crf 20 -b:v 400k "$@" -f ivf "$name.ivf"
}

live=(-deadline realtime -cpu-used 7 -lag-in-frames 0)
vp9=(-c:v libvpx-vp9 "${live[@]}")
film vp9-untagged 96 64 3 bt601 tv "${vp9[@]}" -colorspace unknown
film vp9-601-full 96 64 3 bt601 pc "${vp9[@]}" -colorspace smpte170m -color_range pc
film vp9-709 96 64 3 bt709 tv "${vp9[@]}" -colorspace bt709 -color_range tv
film vp9-larger 130 82 3 bt709 tv "${vp9[@]}" -colorspace bt709 -color_range tv
film vp9-odd 97 65 3 bt709 tv "${vp9[@]}" -colorspace bt709 -color_range tv
# A hidden frame needs an encoder that has seen the whole film.
notes=$(mktemp -d)
for pass in 1 2; do
  film vp9-hidden 96 64 30 bt709 tv -c:v libvpx-vp9 -deadline good -cpu-used 5 -auto-alt-ref 1 -lag-in-frames 25 -colorspace bt709 \
    -pass "$pass" -passlogfile "$notes/film"
done
rm -r "$notes"
PIXELS=yuv444p film vp9-444 96 64 1 bt709 tv "${vp9[@]}" -profile:v 1 -colorspace bt709
film vp8 96 64 3 bt601 tv -c:v libvpx "${live[@]}"
