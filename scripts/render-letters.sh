#!/bin/sh
# Draws the capitals A-Z in four faces as 29x29 grey images, white on black, and packs them as one gzipped IDX array of
# shape 4 x 26 x 29 x 29: face, letter, row, column. Run once; the result is committed, so building needs no fonts.
#
# usage: scripts/render-letters.sh [OUTPUT]        needs the Debian packages fonts-liberation, fonts-wine, imagemagick
set -eu

output=${1:-$(dirname "$0")/../src/Core.FSharp/Data/letters.idx.gz}
side=29
liberation=/usr/share/fonts/truetype/liberation

convert -version 2>/dev/null | grep -q ImageMagick || { echo "convert is not ImageMagick" >&2; exit 1; }

# Point sizes give every face a cap height of about 20 pixels; the widest letter, W of the serif face, just fits.
faces="$liberation/LiberationSans-Regular.ttf:28
$liberation/LiberationMono-Regular.ttf:30
$liberation/LiberationSerif-Regular.ttf:29
/usr/share/wine/fonts/tahoma.ttf:27"

sheet=$(mktemp)
trap 'rm -f "$sheet"' EXIT

# Element type 08 (unsigned byte), rank 4, then the sizes as big-endian 32-bit numbers.
printf '\000\000\010\004\000\000\000\004\000\000\000\032\000\000\000\035\000\000\000\035' >"$sheet"

for face in $faces; do
    for letter in A B C D E F G H I J K L M N O P Q R S T U V W X Y Z; do
        # Trimming first centres the ink, not the box that the font reserves for it.
        convert -background black -fill white -font "${face%:*}" -pointsize "${face#*:}" "label:$letter" \
            -trim +repage -gravity center -extent "${side}x$side" -colorspace gray -depth 8 gray:- >>"$sheet"
    done
done

expected=$((20 + 4 * 26 * side * side))
test "$(wc -c <"$sheet")" -eq "$expected" || { echo "the sheet has not $expected bytes" >&2; exit 1; }
gzip -9 -n -c "$sheet" >"$output"
