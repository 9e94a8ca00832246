"""Our own files on a disk that is full, closed, broken, or fails at one write.

Run as a program, this is the keeper with the ill disk under what web and worker keep;
or, with a word behind it, a child that keeps each kind of file at the n-th write.
"""

import http.client
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.visits import TOKEN
from faults.deployment import BASE, Deployment, wait_for
from faults.ill_disk import ILLNESS, LIBRARY
from faults.nemesis import is_done
from jinchang_care import keeper

# What is said of each illness, on pages and by commands.
ILLNESSES = {"full": "满", "closed": "写不进去", "broken": "写不进去"}
NTH, PATIENCE = "nth", 60.0
UNKEPT = "照片没有保存"
MOST_WRITES = 400
SHAPE = "Content-Disposition: form-data"


def surroundings(root: Path) -> dict[str, str]:
    """Return what puts the library under a program; backups lie beside the files."""
    return {
        "LD_PRELOAD": str(root / LIBRARY),
        "ILL_DISK": str(root / ILLNESS),
        "ILL_FILES": str(root / "files"),
        "BACKUP_DIR": str(root / "files-backups"),
        "SECOND_STEP_ROLES": "",
    }


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
        # As a person does who was told: once more, now that the disk is well.
        desk.export()
        desk.forget()
    healed = desk.try_all()
    found["healed"] = {"upload": healed["upload"][0], "backup": healed["backup"][0]}
    found["rows_without_file"], found["files_without_row"] = desk.agree()
    found["sets"] = len(desk.backups())
    found["nth"] = _each_write(deployment)
    wrong = [kind for kind, told in found["nth"].items() if told["left"]]
    found["met"] = (
        not found["amiss"]
        and not wrong
        and UNKEPT not in healed["photo"]
        and found["healed"] == {"upload": http.client.FOUND, "backup": 0}
        and found["rows_without_file"] == found["files_without_row"] == 0
        and found["sets"] == 1
    )
    writes = "、".join(
        f"{kind} {told['writes']}" for kind, told in found["nth"].items()
    )
    found["words"] = (
        f"照片、原件、导出、备份在满的、只读的、出错的磁盘上各试一遍,"
        f"不对的 {found['amiss'] or '无'};好了以后再做都成;"
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


class Desk:
    """A cadre with a photo, and an office with a file, an export and a backup."""

    def __init__(self, deployment: Deployment, cadres: list[dict[str, str]]) -> None:
        from benchmarks.accounts import city_office
        from faults.together import session_of

        self.deployment, self.cadre = deployment, _of_a_grown_person(cadres)
        self.office = city_office()
        self.cookie = f"{session_of(self.office)}; {_token()}"
        self.forget()

    def try_all(self) -> dict[str, Any]:
        return {
            "photo": self.send_photo(),
            "upload": self.upload(),
            "backup": self.back_up(),
        }

    def send_photo(self) -> str:
        """Tell a visit with a photo; return the page that follows."""
        from urllib.parse import parse_qsl

        from faults.phones import told

        words = f"带照片的探访 {time.monotonic_ns()}"
        fields = dict(parse_qsl(told(str(uuid.uuid4()), words)))
        status, _ = self._post(
            self.cadre["address"], self.cadre["cookie"], fields, "photos", _picture()
        )
        _, page = self._ask("GET", "/visits/home/", self.cadre["cookie"])
        return f"{status} {page}"

    def upload(self) -> tuple[int, str]:
        number = time.monotonic_ns()
        file = f"姓名,身份证号,类别,乡镇\n张三,{number},特困,双湾镇\n".encode()
        fields = {"csrfmiddlewaretoken": TOKEN, "kind": "recipients"}
        return self._post("/imports/new/", self.cookie, fields, "file", file)

    def back_up(self) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "manage.py", "backup"],
            cwd=BASE,
            env=self.deployment.surroundings()
            | surroundings(self.deployment.places.root),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def owe_export(self) -> Any:
        from reports.operations.exports import ask_to_export
        from reports.scope import Scope

        job = ask_to_export(
            ledger="recipients",
            scope=Scope(user=self.office),
            reason="磁盘不好的时候",
            by=self.office,
        )
        return job.pk

    def export(self) -> None:
        """Have an export made, and wait for it."""
        job = self.owe_export()
        wait_for(lambda: is_done(job), PATIENCE)

    def files(self) -> list[Path]:
        """Return the files that came since we looked last."""
        return [one for one in self._all() if one not in self._known]

    def forget(self) -> None:
        self._known = set(self._all())

    def backups(self) -> list[str]:
        from backups.sets import names_in

        return names_in(Path(surroundings(self.deployment.places.root)["BACKUP_DIR"]))

    def agree(self) -> tuple[int, int]:
        """Return how many rows have no whole file, and how many files have no row."""
        from common import sealed_files
        from intake.models import ImportBatch
        from jobs.models import Job
        from visits import photo_files
        from visits.models import VisitPhoto

        files, spoilt = self.deployment.places.root / "files", 0
        known = set()
        for photo in VisitPhoto.objects.all():
            known.add(files / photo_files.FOLDER / photo.stored_as)
            spoilt += not photo_files.read(photo.stored_as, photo.key)
        kept = list(Job.objects.exclude(result_file="").values_list("result_file"))
        names = ImportBatch.objects.exclude(stored_as="").values_list("stored_as")
        for (name,) in [*kept, *((f"imports/{name}",) for (name,) in names)]:
            known.add(files / name)
            with sealed_files.opened(files / name) as text:
                while text.read(65_536):
                    pass
        return spoilt, len(set(self._all()) - known)

    def _all(self) -> list[Path]:
        folder = self.deployment.places.root / "files"
        return [one for one in folder.rglob("*") if one.is_file()]

    def _post(
        self, address: str, cookie: str, fields: dict[str, str], name: str, file: bytes
    ) -> tuple[int, str]:
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\n{SHAPE}; name="{key}"\r\n\r\n{text}\r\n'
            for key, text in fields.items()
        ]
        parts.append(
            f'--{edge}\r\n{SHAPE}; name="{name}";'
            f' filename="file.csv"\r\nContent-Type: text/csv\r\n\r\n'
        )
        body = "".join(parts).encode() + file + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        return self._ask("POST", address, cookie, body, {"Content-Type": kind})

    def _ask(
        self,
        method: str,
        address: str,
        cookie: str,
        body: bytes | None = None,
        more: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.deployment.port, timeout=60)
        line.request(method, address, body, {"Cookie": cookie, **(more or {})})
        answer = line.getresponse()
        page = answer.read().decode(errors="replace")
        line.close()
        return answer.status, page


@contextmanager
def _ill(deployment: Deployment, illness: str) -> Iterator[None]:
    place = deployment.places.root / ILLNESS
    place.write_text(illness)
    place.chmod(0o644)
    try:
        yield
    finally:
        place.unlink()


def _token() -> str:
    from django.conf import settings

    return f"{settings.CSRF_COOKIE_NAME}={TOKEN}"


def _of_a_grown_person(cadres: list[dict[str, str]]) -> dict[str, str]:
    """Return the session of a cadre whose person may be photographed."""
    from django.utils import timezone

    from recipients.models import Recipient

    for cadre in cadres:
        person = Recipient.objects.get(pk=cadre["address"].strip("/").split("/")[-1])
        if not person.is_young(timezone.localdate()):
            return cadre
    raise RuntimeError("All are children.")


def _picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 90)).save(out, "JPEG")
    return out.getvalue()


def _each_write(deployment: Deployment) -> dict[str, Any]:
    """Let every write fail once, of each kind of file, in a child on the ill disk."""
    done = subprocess.run(
        [sys.executable, "-m", "faults.own_files", NTH],
        cwd=BASE,
        env=deployment.surroundings() | surroundings(deployment.places.root),
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
        with tempfile.NamedTemporaryFile() as plain:
            plain.write(b"x" * 300_000)
            plain.flush()
            sealed_files.keep(Path(plain.name), files / "exports" / uuid.uuid4().hex)

    kinds: dict[str, tuple[Path, Callable[[], object]]] = {
        "照片": (files, lambda: photo_files.write(_picture())),
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
    os.environ |= surroundings(Path(os.environ["DATA_DIR"]))
    return keeper.main()


if __name__ == "__main__":
    sys.exit(main())
