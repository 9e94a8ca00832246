"""Our own files on a disk that is full, closed, broken, or fails at one write.

Run as a program, this is the keeper with the ill disk under what web and worker keep;
or, with a word behind it, a child that keeps each kind of file at the n-th write.
"""

import http.client
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from faults.deployment import BASE, Deployment
from faults.desk import Desk, picture
from faults.ill_disk import ILLNESS, under_our_files
from faults.nemesis import is_done
from jinchang_care import keeper

# What is said of each illness, on pages and by commands.
ILLNESSES = {"full": "满", "closed": "写不进去", "broken": "写不进去"}
NTH = "nth"
UNKEPT = "照片没有保存"
MOST_WRITES = 400


def keep_on_an_ill_disk(
    deployment: Deployment, cadres: list[dict[str, str]]
) -> dict[str, Any]:
    """Keep photos, originals, exports and backups while the disk is ill, and after."""
    desk = Desk(deployment, cadres)
    found: dict[str, Any] = {"ill": {}, "amiss": []}
    for illness, words in ILLNESSES.items():
        with _ill(deployment, illness):
            told, job = desk.try_all(), desk.owe_export()
            time.sleep(3)
            told["export waits"] = not is_done(job)
            told["half"] = len(desk.files())
        found["ill"][illness] = told
        if not _is_right(told, words) or desk.backups():
            found["amiss"].append(illness)
        # The disk is well again, and so is what could not be done.
        desk.receive_exports()
        desk.forget()
    healed = desk.try_all()
    found["healed"] = {
        "photo": UNKEPT not in healed["photo"],
        "upload": healed["upload"][0] == http.client.FOUND,
        "backup": healed["backup"][0] == 0,
    }
    found["rows_without_file"], found["files_without_row"] = desk.agree()
    found["sets"] = len(desk.backups())
    found["nth"] = _each_write(deployment)
    wrong = [kind for kind, told in found["nth"].items() if told["left"]]
    found["met"] = (
        not found["amiss"]
        and not wrong
        and all(found["healed"].values())
        and found["rows_without_file"] == found["files_without_row"] == 0
        and found["sets"] == 1
    )
    failed = [kind for kind, done in found["healed"].items() if not done]
    writes = "、".join(
        f"{kind} {told['writes']}" for kind, told in found["nth"].items()
    )
    found["words"] = (
        f"照片、原件、导出、备份在满的、只读的、出错的磁盘上各试一遍,"
        f"不对的 {found['amiss'] or '无'};好了以后没做成的:{failed or '无'},"
        f"备份 {found['sets']} 套;"
        f"有行无文件 {found['rows_without_file']}、有文件无行"
        f" {found['files_without_row']};逐次写失败({writes} 次)"
        f"留下半个文件的:{wrong or '无'}。"
    )
    return found


def _is_right(told: dict[str, Any], words: str) -> bool:
    """Say whether each was refused with its reason, and nothing was left behind."""
    return (
        UNKEPT in told["photo"]
        and words in told["photo"]
        and told["upload"][0] == http.client.SERVICE_UNAVAILABLE
        and words in told["upload"][1]
        and told["backup"][0] != 0
        and told["export waits"]
        and not told["half"]
    )


@contextmanager
def _ill(deployment: Deployment, illness: str) -> Iterator[None]:
    place = deployment.places.root / ILLNESS
    place.write_text(illness)
    place.chmod(0o644)
    try:
        yield
    finally:
        place.unlink()


def _each_write(deployment: Deployment) -> dict[str, Any]:
    """Let every write fail once, of each kind of file, in a child on the ill disk."""
    done = subprocess.run(
        [sys.executable, "-m", "faults.own_files", NTH],
        cwd=BASE,
        env=deployment.surroundings() | under_our_files(deployment.places.root),
        stdout=subprocess.PIPE,
        check=True,
    )
    (deployment.places.root / ILLNESS).unlink(missing_ok=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _fail_each() -> dict[str, Any]:
    """Keep each kind of file, the n-th write failing, until none does any more."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "jinchang_care.settings"
    django.setup()
    from django.conf import settings

    from backups import making
    from common import sealed_files
    from intake import originals
    from visits import photo_files

    files, sets = Path(settings.MEDIA_ROOT), Path(settings.BACKUP_DIR)

    def export() -> None:
        plain = BytesIO(b"x" * 300_000)
        sealed_files.keep(plain, files / "exports" / uuid.uuid4().hex)

    kinds: dict[str, tuple[Path, Callable[[], object]]] = {
        "照片": (files, lambda: photo_files.write(picture())),
        "原件": (files, lambda: originals.keep([b"x" * 200_000, b"y"])),
        "导出": (files, export),
        "备份": (sets, lambda: making.make(sets)),
    }
    return {kind: _until_whole(*told) for kind, told in kinds.items()}


def _until_whole(folder: Path, work: Callable[[], object]) -> dict[str, int]:
    """Return how many writes there were, and how many left what passes for whole."""
    from common.refusals import Refused

    ill, left = Path(os.environ["ILL_DISK"]), 0
    for number in range(1, MOST_WRITES):
        before = _whole(folder)
        ill.write_text(f"fails {number}")
        try:
            work()
        except (OSError, Refused):
            left += _whole(folder) != before
            continue
        return {"writes": number - 1, "left": left}
    return {"writes": MOST_WRITES, "left": left}


def _whole(folder: Path) -> set[Path]:
    """Return what lies there under a name by which somebody would take it.

    Directly in the folder lies the list of who was erased, beside the backups.
    """
    return {
        one
        for one in folder.glob("*/**/*")
        if one.is_file() and not any(part[0] == "." for part in one.parts[-2:])
    }


def main() -> int:
    if sys.argv[1:] == [NTH]:
        sys.stdout.write(f"{json.dumps(_fail_each(), ensure_ascii=False)}\n")
        return 0
    os.environ |= under_our_files(Path(os.environ["DATA_DIR"]))
    return keeper.main()


if __name__ == "__main__":
    sys.exit(main())
