"""Makes of a file somebody sent a photo that holds its pixels and nothing else.

What a camera or a stranger put beside the pixels (place, time, comment, profile,
thumbnail, a page of script behind the end) is not copied, because nothing is copied.
"""

import io
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from common.refusals import Refused

# By content, whatever the name says; Pillow tries no other reader.
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1_600
QUALITY = 82
CANNOT = "这个文件不是能读的照片(只收 JPEG、PNG、WebP),请重新拍照。"
TOO_LARGE = "照片太大(上限 20 MB、5000 万像素),请把相机分辨率调低后重拍。"


def rebuilt(file: BinaryIO, size: int) -> tuple[bytes, tuple[int, int]]:
    """Return a new JPEG of the picture, upright and small, and its width and height.

    Raises Refused for what is no picture, is broken, or is too large.
    """
    if size > MOST_BYTES:
        raise Refused(TOO_LARGE)
    try:
        picture = _pixels(file)
    except Refused:
        raise
    except (
        *(UnidentifiedImageError, Image.DecompressionBombError, OSError),
        *(SyntaxError, ValueError, EOFError, MemoryError),
    ):
        # The text of the fault may quote the file.
        raise Refused(CANNOT) from None
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), picture.size


def _pixels(file: BinaryIO) -> Image.Image:
    with Image.open(file, formats=FORMATS) as opened:
        # Asked of the header, before a single pixel is unpacked.
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused(TOO_LARGE)
        if not opened.width or not opened.height:
            raise Refused(CANNOT)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = _upright(opened)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = upright.convert("RGB")
    return Image.frombytes("RGB", plain.size, plain.tobytes())


def _upright(picture: Image.Image) -> Image.Image:
    """Turn the picture as its camera says; a broken note about it turns nothing."""
    try:
        return ImageOps.exif_transpose(picture)
    except (SyntaxError, ValueError, KeyError, TypeError):
        return picture.copy()
