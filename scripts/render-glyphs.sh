#!/bin/sh
# Draws the 95 printable characters of ASCII, from blank to tilde, as 7x13 grey images, white on black, and packs them as one gzipped IDX
# array of shape 95 x 13 x 7: character, row, column. Run once; the result is committed, so building needs no fonts.
#
# usage: scripts/render-glyphs.sh [OUTPUT]        needs the Debian packages fonts-liberation, imagemagick
set -eu

output=${1:-$(dirname "$0")/../src/Core.FSharp/Data/glyphs.idx.gz}
font=/usr/share/fonts/truetype/liberation/LiberationMono-Bold.ttf
wide=7
high=13

convert -version 2>/dev/null | grep -q ImageMagick || { echo "convert is not ImageMagick" >&2; exit 1; }

sheet=$(mktemp)
trap 'rm -f "$sheet"' EXIT

# Element type 08 (unsigned byte), rank 3, then the sizes as big-endian 32-bit numbers.
printf '\000\000\010\003\000\000\000\137\000\000\000\015\000\000\000\007' >"$sheet"

# Blank has no ink to draw.
head -c "$((wide * high))" /dev/zero >>"$sheet"
code=33
while [ "$code" -le 126 ]; do
    character=$(printf "\\$(printf '%03o' "$code")")
    # Signs that ImageMagick would read as its own.
    case $character in
    '%') character='%%' ;;
    '\') character='\\' ;;
    '@') character='\@' ;;
    esac
    # All characters stand on one base line: each is drawn in its whole box, of which the middle is kept.
    convert -background black -fill white -font "$font" -pointsize 11.6 "label:$character" \
        -gravity center -extent "${wide}x$high" -colorspace gray -depth 8 gray:- >>"$sheet"
    code=$((code + 1))
done

expected=$((16 + 95 * high * wide))
test "$(wc -c <"$sheet")" -eq "$expected" || { echo "the sheet has not $expected bytes" >&2; exit 1; }
gzip -9 -n -c "$sheet" >"$output"
