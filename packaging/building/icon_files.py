"""The icons of programs on Windows and the Mac: PNG pictures of several sizes in one file."""

import struct
from collections.abc import Mapping

ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_TYPES = {
    "icp4": 16,
    "ic11": 32,
    "icp5": 32,
    "ic12": 64,
    "ic07": 128,
    "ic13": 256,
    "ic08": 256,
    "ic14": 512,
    "ic09": 512,
    "ic10": 1024,
}
"""The names of the pictures in a file for the Mac, and how large each is; those for fine screens come twice."""


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """The file for Windows.

    Args:
        pictures: By size, square PNGs: of ``ICO_SIZES`` those that there are are taken.
    """
    chosen = [(size, pictures[size]) for size in ICO_SIZES if size in pictures]
    offset = 6 + 16 * len(chosen)
    head, body = struct.pack("<HHH", 0, 1, len(chosen)), b""
    for size, picture in chosen:
        edge = size % 256
        head += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(picture), offset + len(body))
        body += picture
    return head + body


def icns(pictures: Mapping[int, bytes]) -> bytes:
    """The file for the Mac.

    Args:
        pictures: By size, square PNGs: of ``ICNS_TYPES`` those that there are are taken.
    """
    parts = [(name, pictures[size]) for name, size in ICNS_TYPES.items() if size in pictures]
    body = b"".join(name.encode() + struct.pack(">I", len(picture) + 8) + picture for name, picture in parts)
    return b"icns" + struct.pack(">I", len(body) + 8) + body
