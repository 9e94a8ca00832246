"""Files brought in and built lie sealed: each bound to its name, opened in pieces."""

from pathlib import Path

import pytest

from common import sealed_files
from common.keyring import Keyring
from common.sealed_chunks import CHUNK, Damaged


@pytest.fixture(autouse=True, params=["aes", "sm4"])
def ring(request, settings, tmp_path: Path) -> Keyring:
    """A key ring of this test's own, of either algorithm."""
    settings.SECRETS = Keyring(tmp_path / "keys.json", algorithm=request.param)
    return settings.SECRETS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "files" / "a1"


def seal(path: Path, text: bytes) -> Path:
    with sealed_files.written(path) as file:
        file.write(text)
    return path


def text_of(path: Path) -> bytes:
    with sealed_files.opened(path) as text:
        return text.read()


@pytest.mark.parametrize("length", [0, 1, CHUNK, CHUNK + 1])
def test_what_went_in_comes_out(path: Path, length: int):
    seal(path, b"x" * length)

    assert text_of(path) == b"x" * length
    assert sealed_files.length_inside(path) == length


def test_nothing_of_it_lies_in_the_open(path: Path):
    words = "王大山 620302".encode()

    seal(path, words)
    other = seal(path.with_name("b2"), words)

    assert words not in path.read_bytes()
    assert path.read_bytes() != other.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("at", [0, 8, 9, 20, 71, 72, -1])
def test_a_flipped_byte_is_found(path: Path, at: int):
    sealed = bytearray(seal(path, b"x" * 100).read_bytes())
    sealed[at] ^= 1
    path.write_bytes(sealed)

    with pytest.raises(Damaged):
        text_of(path)


def test_a_file_cut_at_a_chunk_is_found(path: Path):
    whole = seal(path, b"x" * (CHUNK + 5)).read_bytes()
    path.write_bytes(whole[: sealed_files.HEAD + CHUNK + 16])

    with pytest.raises(Damaged):
        text_of(path)


def test_under_another_name_it_does_not_open(path: Path):
    moved = seal(path, b"x").rename(path.with_name("c3"))

    with pytest.raises(Damaged):
        text_of(moved)


def test_a_writer_that_fails_leaves_no_file(path: Path):
    with pytest.raises(TypeError), sealed_files.written(path) as file:
        file.write(3.5)

    assert not path.exists()


def test_a_long_file_is_opened_a_chunk_at_a_time(path: Path):
    seal(path, b"x" * (3 * CHUNK))

    with sealed_files.opened(path) as text:
        pieces = list(iter(lambda: len(text.read(4 * CHUNK)), 0))

    assert pieces == [CHUNK, CHUNK, CHUNK]


def test_a_new_key_rewrites_the_head_and_nothing_else(path: Path, ring: Keyring):
    before = seal(path, b"x" * 100).read_bytes()
    ring.use_key("field", ring.make_key("field", "aes"))

    assert sealed_files.renew(path)

    after = path.read_bytes()
    assert after[sealed_files.HEAD :] == before[sealed_files.HEAD :]
    assert after != before
    assert text_of(path) == b"x" * 100


def test_other_readers_find_it_in_memory_for_a_while(path: Path):
    with sealed_files.opened_in_memory(seal(path, b"x" * 100)) as place:
        assert place.read_bytes() == b"x" * 100
        assert place.stat().st_size == 100

    assert not place.exists()
