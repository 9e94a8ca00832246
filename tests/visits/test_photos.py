"""IN-06, AZ-11: photos are rebuilt from pixels, sealed, and shown through a check."""

import io
import struct
import zlib

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from PIL import Image, PngImagePlugin

from audit.models import Event
from common.photos import LONGEST_SIDE, rebuilt
from common.refusals import Refused
from recipients.models import Consent, Recipient
from tests import cast
from tests.visits.telling import posted
from visits import photo_files
from visits.models import HomeVisit, VisitPhoto
from visits.operations.photos import add_photo, remove_photo
from visits.tasks import purge_photos

MARK = b"MARKED-199-0000-0911"


def jpeg(size=(400, 300), mode="RGB", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 7 if mode == "L" else None).save(out, "JPEG", **more)
    return out.getvalue()


def with_everything() -> bytes:
    """Return a JPEG with place, comment, profile and a page behind its end."""
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[0x1D] = MARK.decode()
    plain = jpeg(exif=exif, icc_profile=MARK * 1_000, comment=MARK)
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + MARK
    xmp = b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp
    iptc = b"\xff\xed" + struct.pack(">H", len(MARK) + 2) + MARK
    return plain[:2] + xmp + iptc + plain[2:] + b"<script>" + MARK + b"</script>"


def png_of(width: int, height: int) -> bytes:
    """Return a PNG whose header promises a size it does not have."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
    )


def webp() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50)).save(out, "WEBP", exif=b"Exif\0\0" + MARK)
    return out.getvalue()


def png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", MARK.decode())
    words.add_itxt("XML:com.adobe.xmp", MARK.decode())
    out = io.BytesIO()
    Image.new("P", (50, 50)).save(out, "PNG", pnginfo=words)
    return out.getvalue()


def gif_of_many() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("L", (9, 9), n % 250) for n in range(40)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def apng() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), (n, n, n)) for n in range(40)]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def made(data: bytes) -> bytes:
    return rebuilt(io.BytesIO(data), len(data))[0]


@pytest.mark.parametrize(
    "data",
    [
        with_everything(),
        webp(),
        png_with_words(),
        apng(),
        jpeg(mode="CMYK"),
        jpeg(mode="L"),
        jpeg() + b"%PDF-1.7" + MARK,
        jpeg(comment=b"<html>" + MARK),
    ],
    ids=["all", "webp", "png", "apng", "cmyk", "grey", "pdf", "html"],
)
def test_only_the_pixels_are_kept(data: bytes):
    new = made(data)

    assert MARK not in new
    assert new[:3] == b"\xff\xd8\xff"
    picture = Image.open(io.BytesIO(new))
    assert picture.format == "JPEG"
    assert picture.mode == "RGB"
    assert not picture.getexif()
    assert not {"comment", "icc_profile", "xmp", "photoshop"} & set(picture.info)
    assert getattr(picture, "n_frames", 1) == 1


def test_the_picture_stands_upright_and_is_small():
    exif = Image.Exif()
    exif[0x0112] = 6

    new = Image.open(io.BytesIO(made(jpeg((4_000, 3_000), exif=exif))))

    assert new.size == (1_200, 1_600)
    assert max(new.size) == LONGEST_SIDE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 999,
        jpeg()[:200],
        jpeg((900, 900), quality=95)[:2_000],
        png_of(65_535, 65_535),
        png_of(10_000, 5_001),
        png_of(0, 9),
        gif_of_many(),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"%PDF-1.7\n" + MARK,
        b"<html><script>" + MARK,
        b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + MARK,
        b"BM" + b"\0" * 200,
        b"II*\0" + b"\0" * 200,
    ],
)
def test_what_is_no_readable_photo_is_refused_without_quoting_it(data: bytes):
    with pytest.raises(Refused) as refused:
        made(data)

    assert "MARKED" not in str(refused.value)


def test_fifty_million_pixels_are_taken_and_one_row_more_is_not():
    out = io.BytesIO()
    Image.new("L", (10_000, 5_000)).save(out, "JPEG")

    assert made(out.getvalue())
    with pytest.raises(Refused, match="5000 万"):
        made(jpeg((10_000, 5_001), mode="L"))


def test_a_file_over_twenty_megabytes_is_not_read():
    with pytest.raises(Refused, match="20 MB"):
        rebuilt(io.BytesIO(b""), 20 * 1024 * 1024 + 1)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)


@pytest.fixture
def grown(areas) -> Recipient:
    return cast.make_recipient("王大山")


@pytest.fixture
def pairing(grown, cadre):
    return cast.make_pairing(grown, cadre)


@pytest.fixture
def visit(grown, pairing, cadre, cadre_user) -> HomeVisit:
    return HomeVisit.objects.create(
        client_id="00000000-0000-4000-8000-000000000001",
        together="00000000-0000-4000-8000-000000000001",
        recipient=grown,
        cadre=cadre,
        organisation=cadre.organisation,
        day=cast.TODAY,
        words="身体平稳",
        content_hash="0" * 64,
        entered_by=cadre_user,
    )


@pytest.fixture
def photo(visit, cadre_user) -> VisitPhoto:
    data = with_everything()
    return add_photo(visit=visit, file=io.BytesIO(data), size=len(data), by=cadre_user)


@pytest.mark.django_db
def test_the_file_is_sealed_under_a_random_name(photo):
    (file,) = photo_files.folder().iterdir()
    stored = file.read_bytes()

    assert len(bytes.fromhex(file.name)) * 8 >= 128
    assert file.stat().st_mode & 0o077 == 0
    assert b"\xff\xd8\xff" not in stored
    assert photo_files.read(photo.stored_as, photo.key)[:3] == b"\xff\xd8\xff"


@pytest.mark.django_db
def test_a_photo_is_shown_to_whom_the_visit_is_open_and_can_do_nothing(
    client: Client,
    photo,
    cadre_user,
    yongchang_office,
    jinchuan_office,
    liaison,
    other_cadre,
    leader,
):
    address = reverse("visits:photo", args=[photo.pk])
    answers = {}
    for user in (
        *(cadre_user, yongchang_office, jinchuan_office),
        *(liaison, other_cadre.user, leader),
    ):
        client.force_login(user)
        answers[user.username] = client.get(address).status_code
    client.force_login(cadre_user)
    answer = client.get(address, headers={"Range": "bytes=0-9", "If-None-Match": "x"})

    assert answers == {
        "cadre": 200,
        "yongchang": 200,
        "jinchuan": 404,
        "unit": 404,
        "other_cadre": 404,
        "leader": 403,
    }
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_an_altered_or_missing_file_is_a_page_that_is_not_there(
    client, photo, cadre_user
):
    client.force_login(cadre_user)
    address = reverse("visits:photo", args=[photo.pk])
    path = photo_files.path_of(photo.stored_as)
    sealed = bytearray(path.read_bytes())
    sealed[40] ^= 1
    path.write_bytes(bytes(sealed))
    assert client.get(address).status_code == 404

    path.unlink()

    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_photo_comes_along_with_the_visit_and_stands_on_its_page(
    client, grown, pairing, cadre_user
):
    client.force_login(cadre_user)
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        client.post(
            reverse("visits:visit_new", args=[grown.pk]),
            {
                **posted(pairing),
                "photos": SimpleUploadedFile("../x.php", with_everything()),
            },
        )

        visit = HomeVisit.objects.get()
        address = reverse("visits:visit_detail", args=[visit.pk])
        page = client.get(address).content.decode()

    photo = visit.photos.get()
    assert reverse("visits:photo", args=[photo.pk]) in page
    assert Event.objects.filter(kind="photo.added").count() == 1


@pytest.mark.django_db
def test_a_bad_photo_does_not_cost_the_visit(client, grown, pairing, cadre_user):
    client.force_login(cadre_user)
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        answer = client.post(
            reverse("visits:visit_new", args=[grown.pk]),
            {**posted(pairing), "photos": SimpleUploadedFile("x.jpg", b"<html>")},
            follow=True,
        )

    assert HomeVisit.objects.count() == 1
    assert not VisitPhoto.objects.exists()
    assert "不是能读的照片" in answer.content.decode()


@pytest.mark.django_db
def test_a_young_childs_photo_wants_the_guardians_consent(visit, grown, cadre_user):
    Recipient.objects.update(birth_on="2017-03-01")
    data = jpeg()
    tell = lambda: add_photo(  # noqa: E731
        visit=visit, file=io.BytesIO(data), size=len(data), by=cadre_user
    )
    with pytest.raises(Refused, match="监护人同意"):
        tell()
    Consent.objects.create(
        recipient=grown,
        scope="photos",
        given_by="祖母",
        given_on=cast.TODAY,
        noted_by=cadre_user,
    )

    assert tell()


@pytest.mark.django_db
def test_the_form_says_beforehand_that_a_young_child_is_not_photographed(
    client: Client, grown, visit, cadre_user
):
    client.force_login(cadre_user)
    pages = (
        reverse("visits:visit_new", args=[grown.pk]),
        reverse("visits:visit_detail", args=[visit.pk]),
    )
    picker, why = 'id="photos"', "还没有登记监护人同意拍照"

    for page in pages:
        html = client.get(page).content.decode()
        assert picker in html
        assert why not in html
    Recipient.objects.filter(pk=grown.pk).update(birth_on="2020-01-01")
    for page in pages:
        html = client.get(page).content.decode()
        assert picker not in html
        assert why in html


@pytest.mark.django_db
def test_six_photos_a_visit_and_only_ones_own(visit, cadre_user, other_cadre):
    data = jpeg()
    with pytest.raises(Refused, match="自己的走访"):
        add_photo(
            visit=visit, file=io.BytesIO(data), size=len(data), by=other_cadre.user
        )
    for _ in range(6):
        add_photo(visit=visit, file=io.BytesIO(data), size=len(data), by=cadre_user)

    with pytest.raises(Refused, match="最多 6 张"):
        add_photo(visit=visit, file=io.BytesIO(data), size=len(data), by=cadre_user)


@pytest.mark.django_db
def test_a_removed_photo_is_gone_from_the_disk_too(
    photo, cadre_user, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(photo=photo, by=cadre_user)

    assert not VisitPhoto.objects.exists()
    assert list(photo_files.folder().iterdir()) == []


@pytest.mark.django_db
def test_a_file_without_its_row_is_swept_after_an_hour(photo):
    from datetime import timedelta

    from django.utils import timezone

    photo_files.write(b"left behind")
    now = timezone.now()

    assert purge_photos(now + timedelta(minutes=59)) == 0
    assert purge_photos(now + timedelta(minutes=61)) == 1
    assert [file.name for file in photo_files.folder().iterdir()] == [photo.stored_as]


@pytest.mark.django_db
def test_a_large_photo_cannot_be_written(photo):
    with pytest.raises(IntegrityError, match="photo_is_small"):
        VisitPhoto.objects.update(width=1_601)
