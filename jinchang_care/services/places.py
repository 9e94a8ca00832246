"""Where the embedded services keep their files and sockets."""

import hashlib
import importlib.util
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

# A unix socket's address holds 107 bytes, and the longest name put behind ours is
# ".s.PGSQL.5432.lock" (18 with its slash counted).
LONGEST_FOLDER = 107 - 19
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")
SHORT_ROOT = Path("/tmp")
PORT = 5432


class ServicesError(Exception):
    """Something that only a person can put right, said in a Chinese sentence."""


@dataclass(frozen=True)
class Places:
    """The folders of one deployment, all found from its data folder."""

    root: Path

    @classmethod
    def of(cls, data_dir: Path) -> "Places":
        return cls(Path(data_dir).resolve())

    @property
    def cluster(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def incidents(self) -> Path:
        return self.log / "incidents.log"

    @property
    def sockets(self) -> Path:
        """A folder whose name is short and plain enough for a socket and a URL."""
        near = self.root / "run"
        name = str(near)
        if len(os.fsencode(name)) <= LONGEST_FOLDER and PLAIN.fullmatch(name):
            return near
        mark = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
        return SHORT_ROOT / f"jinchang-{mark}"

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def make(self) -> None:
        """Make the folders that do not belong to a service."""
        try:
            # Root's services run under another account, which must walk through.
            self.root.mkdir(
                mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True
            )
            self.log.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ServicesError(
                f"数据目录 {self.root} 不能写入({error.strerror})。"
                "请检查权限和磁盘,或用 DATA_DIR= 另指一个目录。"
            ) from error

    def make_sockets(self, *, uid: int, gid: int) -> None:
        """Make the socket folder, private to the account that runs the services."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
            raise ServicesError(
                f"{self.sockets} 属于别的账户,不能用来放本系统的套接字。"
                "请删除它,或用 DATA_DIR= 指到一个较短的目录。"
            )
        self.sockets.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(self.sockets, uid, gid)


def wheel_folder(package: str) -> Path:
    """Return where a wheel was unpacked, without running any of its Python."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ServicesError(f"缺少软件包 {package},请先运行 make setup。")
    return Path(spec.origin).parent
