"""What a system with real people in it will not start with."""

import stat
from pathlib import Path

from common.keyring import Ring

SHORTEST_KEY = 50
KEY_BYTES = 32
FEWEST_DIFFERENT = 9


def faults(
    *, debug: bool, hosts: list[str], ring: Ring, secret_file: Path
) -> list[str]:
    """Return what stands against a start outside a demonstration, a sentence each."""
    found = []
    if debug:
        found.append("DEBUG 会把内部信息显示给任何人,只能在演示系统里打开。")
    if "*" in hosts or "" in hosts:
        found.append("ALLOWED_HOSTS 不能写 *,请写本系统的域名。")
    if _is_weak_text(ring.session_key):
        found.append("会话密钥太短或是默认值,请换成随机的 50 个以上字符。")
    keys = [*ring.field_keys.values(), *ring.index_keys.values()]
    if any(_is_weak_key(key.secret) for key in keys):
        found.append("密钥文件里的密钥不是 32 字节的随机数。")
    if _others_read(secret_file):
        found.append(f"密钥文件别人也能读,请执行 chmod 600 {secret_file}。")
    return found


def refuse(found: list[str]) -> None:
    """Stop here, with a sentence that says what to change."""
    if found:
        raise SystemExit(f"正式系统(DEMO=0)不能这样启动:{'；'.join(found)}")


def _is_weak_text(key: str) -> bool:
    few = len(set(key)) < FEWEST_DIFFERENT
    return len(key) < SHORTEST_KEY or key.startswith("django-insecure") or few


def _is_weak_key(key: bytes) -> bool:
    return len(key) != KEY_BYTES or len(set(key)) < FEWEST_DIFFERENT


def _others_read(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        # The keys came from the environment.
        return False
    return bool(mode & (stat.S_IRWXG | stat.S_IRWXO))
