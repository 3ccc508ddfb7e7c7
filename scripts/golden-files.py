"""Writes files that other software made, for the readers' tests: numpy.npz with one array for each element type, byte order and layout,
and filters.png, whose row y uses filter y mod 5. Run once with NumPy at hand; the results are committed.
usage: scripts/golden-files.py [FOLDER]"""

import struct
import sys
import zlib
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "tests/golden"
counting = np.arange(6).reshape(2, 3)

np.savez_compressed(
    folder / "numpy.npz",
    **{kind: counting.astype(kind) for kind in "f2 f4 f8 i1 u1 i2 u2 i4 u4 i8 u8".split()},
    **{f"big_{kind}": counting.astype(f">{kind}") for kind in "f4 f8 i2 i4 i8".split()},
    b1=counting % 2 == 1,
    fortran=np.asfortranarray(np.arange(24, dtype=np.float32).reshape(2, 3, 4)),
    scalar=np.float64(2.5),
    empty=np.zeros((0, 5), np.float32),
)


def paeth(left, above, corner):
    estimate = left + above - corner
    return min((left, above, corner), key=lambda value: abs(estimate - value))


def filtered(image):
    """The rows of a height x width x 3 image, each behind the number of its filter."""
    height, width, _ = image.shape
    at = lambda y, x, c: int(image[y, x, c]) if y >= 0 and x >= 0 else 0
    for y in range(height):
        yield y % 5
        for x in range(width):
            for c in range(3):
                left, above, corner = at(y, x - 1, c), at(y - 1, x, c), at(y - 1, x - 1, c)
                predicted = [0, left, above, (left + above) // 2, paeth(left, above, corner)][y % 5]
                yield (at(y, x, c) - predicted) % 256


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


height, width = 10, 9
y, x, c = np.indices((height, width, 3))
image = (28 * x * (c != 1) + 23 * y * (c != 0) + 71 * c) % 256
header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(filtered(image)))) + chunk(b"IEND", b"")
(folder / "filters.png").write_bytes(b"\x89PNG\r\n\x1a\n" + body)
