"""nginx with the file of docs/deploy before the product, where there is an nginx."""

import datetime
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from faults.deployment import BASE

DEPLOYED = BASE / "docs" / "deploy" / "nginx.conf"
NAME = "care.example.gov.cn"
# What stands around the file where nginx is installed.
AROUND = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 2;
worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/answers;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{care}
}}
"""


def is_here() -> bool:
    """Say whether this machine has an nginx."""
    return shutil.which("nginx") is not None


@contextmanager
def before(port: int, folder: Path) -> Iterator[int]:
    """Have nginx before the product at this port; give the port of its TLS."""
    folder.mkdir(parents=True, exist_ok=True)
    plain, secure = _free_port(), _free_port()
    _certificate(folder)
    care = DEPLOYED.read_text()
    for was, becomes in (
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{port}"),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        (r"/etc/ssl/care/", f"{folder}/"),
    ):
        care, found = re.subn(was, becomes, care)
        if not found:
            raise RuntimeError(f"{DEPLOYED.name} has nothing like {was}.")
    conf = folder / "nginx.conf"
    conf.write_text(AROUND.format(folder=folder, care=care))
    nginx = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(conf)])
    try:
        _wait(secure, nginx)
        yield secure
    finally:
        nginx.terminate()
        nginx.wait(timeout=15)


def _certificate(folder: Path) -> None:
    """Write a certificate that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(made.public_bytes(pem))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            pem,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(port: int, nginx: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        if nginx.poll() is not None:
            raise RuntimeError("nginx does not take the file of docs/deploy.")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise RuntimeError("nginx does not answer.")
