"""Puts a disk that is slow, or that fails, under the database of a deployment.

It is a small library before PostgreSQL's own writing and syncing, compiled where there
is a C compiler. Run as a program, this is the keeper with that library in place.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from faults.deployment import Deployment
from faults.hardships import Hardship, last
from faults.phones import Heard
from jinchang_care import keeper
from jinchang_care.services import postgres

SOURCE = Path(__file__).with_suffix(".c")
LIBRARY, ILLNESS = "ill_disk.so", "ill_disk.txt"
SLOW_MS = 500


def build(folder: Path) -> bool:
    """Compile the library into the folder; say whether this machine can."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return False
    made = folder / LIBRARY
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(SOURCE)]
    subprocess.run([*command, "-ldl"], check=True)
    made.chmod(0o755)
    return True


def slow(deployment: Deployment, heard: Heard, lasts: float) -> Hardship:
    """Let every sync of the database take half a second."""
    ill = _illness(deployment)
    ill.write_text(f"slow {SLOW_MS}")
    ill.chmod(0o644)
    words = f"每次落盘慢 {SLOW_MS} 毫秒"
    found = last("磁盘很慢", deployment, heard, ill.unlink, lasts, words=words)
    # It must have been felt, and visits go on.
    found.met = found.met and found.slowest >= SLOW_MS / 1000 and found.accepted > 0
    return found


def broken(deployment: Deployment, heard: Heard, lasts: float) -> Hardship:
    """Let every write and every sync of the database fail (EIO)."""
    ill = _illness(deployment)
    server = deployment.processes()["postmaster"][0]
    ill.write_text("broken")
    ill.chmod(0o644)
    found = last("磁盘读写出错", deployment, heard, ill.unlink, lasts)
    found.facts["new_server"] = not server.is_running()
    return found


def under_our_files(root: Path) -> dict[str, str]:
    """Return what puts it under web and worker; backups lie beside the files."""
    return {
        "LD_PRELOAD": str(root / LIBRARY),
        "ILL_DISK": str(root / ILLNESS),
        "ILL_FILES": str(root / "files"),
        "BACKUP_DIR": str(root / "files-backups"),
        "SECOND_STEP_ROLES": "",
    }


def _illness(deployment: Deployment) -> Path:
    return deployment.places.root / ILLNESS


def main() -> int:
    """Be the keeper, with the library before what PostgreSQL writes."""
    root = Path(os.environ["DATA_DIR"])
    postgres.ENVIRONMENT["LD_PRELOAD"] = str(root / LIBRARY)
    postgres.ENVIRONMENT["ILL_DISK"] = str(root / ILLNESS)
    return keeper.main()


if __name__ == "__main__":
    sys.exit(main())
