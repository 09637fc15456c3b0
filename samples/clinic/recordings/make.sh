#!/bin/sh
# Makes the call's recordings from lines.txt: WAV, PCM16, mono, 24 kHz. Needs espeak-ng (1.51) and sox (14.4.2).
# The recordings are committed, so the build does not run this. The same versions make the same bytes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
call="$here/../src/main/resources/dev/parley/samples/clinic/call"
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
mkdir -p "$call/caller" "$call/agent"

grep -v '^#' "$here/lines.txt" | while IFS='|' read -r file text; do
  case $file in
    caller/*) voice='ml+m3' pitch=42 ;;
    *) voice='ml+f2' pitch=58 ;;
  esac
  printf '%s' "$text" | espeak-ng -v "$voice" -p "$pitch" -s 175 -g 1 --stdin -w "$raw/line.wav" 2>/dev/null
  # The order matters: resample, cut the silence at both ends, shorten every pause to 200 ms, then fade 5 ms in and out,
  # so that the ends meet exact digital silence, 20 ms of it. -D: no dither, which would be noise in the silence.
  sox -D -R "$raw/line.wav" -b 16 -e signed-integer "$call/$file.wav" \
    gain -n -4 rate -h 24000 \
    silence -l 1 0.01 0.5% -1 0.2 0.5% \
    fade t 0.005 reverse silence 1 0.01 0.5% fade t 0.005 reverse \
    pad 0.02 0.02
done
