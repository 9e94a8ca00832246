"""A cadre with a photo, and an office with a file, an export and a backup."""

import http.client
import io
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from benchmarks.visits import TOKEN
from faults.deployment import BASE, Deployment, wait_for
from faults.ill_disk import under_our_files
from faults.nemesis import is_done
from faults.phones import told
from faults.together import session_of

PATIENCE = 60.0
SHAPE = "Content-Disposition: form-data"


class Desk:
    """Tries to keep each kind of file as people do, and tells what was said."""

    def __init__(self, deployment: Deployment, cadres: list[dict[str, str]]) -> None:
        from benchmarks.accounts import city_office

        self.deployment, self.cadre = deployment, _of_a_grown_person(cadres)
        self.office = city_office()
        self.cookie = f"{session_of(self.office)}; {_token()}"
        self.owed: list[Any] = []
        self.forget()

    def try_all(self) -> dict[str, Any]:
        return {
            "photo": self.send_photo(),
            "upload": self.upload(),
            "backup": self.back_up(),
        }

    def send_photo(self) -> str:
        """Tell a visit with a photo; return the page that follows."""
        words = f"带照片的探访 {time.monotonic_ns()}"
        fields = dict(parse_qsl(told(str(uuid.uuid4()), words)))
        status, _ = self._post(
            self.cadre["address"], self.cadre["cookie"], fields, "photos", picture()
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
            | under_our_files(self.deployment.places.root),
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
        self.owed.append(job.pk)
        return job.pk

    def receive_exports(self) -> None:
        """Wait until all that were asked for are there.

        One that is tried again a minute later would leave its file in the middle of
        what is counted next.
        """
        wait_for(self._have_come, PATIENCE)

    def _have_come(self) -> bool:
        """Say whether all are done; one that failed is due at once."""
        from django.utils import timezone

        from jobs.models import Job, JobState

        now = timezone.now()
        handed_back = Job.objects.filter(state=JobState.WAITING, due_at__gt=now)
        handed_back.filter(pk__in=self.owed).update(due_at=now)
        return all(is_done(job) for job in self.owed)

    def files(self) -> list[Path]:
        """Return the files that came since we looked last."""
        return [one for one in self._all() if one not in self._known]

    def forget(self) -> None:
        self._known = set(self._all())

    def backups(self) -> list[str]:
        from backups.sets import names_in

        return names_in(
            Path(under_our_files(self.deployment.places.root)["BACKUP_DIR"])
        )

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


def picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 90)).save(out, "JPEG")
    return out.getvalue()
