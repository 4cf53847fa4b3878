"""Photos as a camera writes them, for tests of what is left of them."""

from io import BytesIO

from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

CAMERA, PLACE, COMMENT = b"CANARY-CAMERA", b"CANARY-PLACE", b"CANARY-COMMENT"
_MAKE, _TURNED, _GPS, _GPS_AREA = 0x010F, 0x0112, 0x8825, 0x001C


def jpeg(width: int = 320, height: int = 200, *, turned: bool = False) -> bytes:
    """A JPEG that names its camera, its place and a comment; red on the left, blue on the right."""
    photo = _picture(width, height)
    exif = Image.Exif()
    exif[_MAKE] = CAMERA.decode()
    if turned:
        exif[_TURNED] = 6  # the camera was held upright: to be turned by 90 degrees
    exif.get_ifd(_GPS).update({1: "N", 2: (TiffImagePlugin.IFDRational(35), 30.0, 0.0), _GPS_AREA: PLACE.decode()})
    written = BytesIO()
    photo.save(written, "JPEG", exif=exif, comment=COMMENT)
    return written.getvalue()


def png(width: int = 320, height: int = 200) -> bytes:
    """A PNG with a transparent corner and a text."""
    photo = _picture(width, height).convert("RGBA")
    photo.putpixel((0, 0), (0, 0, 0, 0))
    told = PngInfo()
    told.add_text("Comment", COMMENT.decode())
    written = BytesIO()
    photo.save(written, "PNG", pnginfo=told)
    return written.getvalue()


def _picture(width: int, height: int) -> Image.Image:
    photo = Image.new("RGB", (width, height), "red")
    photo.paste("blue", (width // 2, 0, width, height))
    return photo


def opened(content: bytes) -> Image.Image:
    """A picture to look at."""
    return Image.open(BytesIO(content))
