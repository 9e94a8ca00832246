"""What may be chosen for a run of the faults."""

import argparse
import os
import random
from pathlib import Path

from faults.deployment import BASE

# Each a deployment of its own, and a process: settings are read once.
APART = ("disk", "ill-disk", "files", "together")
# The starts alone are for who wants only them; the kills end with them as well.
PARTS = ("all", "kills", "starts", *APART)


def chosen_by_hand() -> argparse.Namespace:
    base = Path(os.environ.get("DATA_DIR") or BASE / "var")
    parser = argparse.ArgumentParser(
        prog="python -m faults",
        description="在持续提交走访时随机杀进程、断资源,之后逐条核对;用自己的数据目录。",
    )
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    kills = int(os.environ.get("KILLS") or 200)
    parser.add_argument("--seed", type=int, default=seed, help="随机种子")
    parser.add_argument("--kills", type=int, default=kills, help="杀多少次")
    parser.add_argument("--key-kills", type=int, default=5, help="换密钥时杀多少次")
    parser.add_argument("--crowd", type=int, default=100, help="多少人同时登录")
    parser.add_argument("--slow", type=int, default=500, help="多少个慢客户端")
    parser.add_argument("--copies", type=int, default=20, help="断电几次")
    parser.add_argument("--cut-every", type=int, default=1, help="隔几字节断一次线")
    parser.add_argument("--starts", type=int, default=30, help="启停几次")
    parser.add_argument("--people", type=int, default=200_000, help="一起干时多少人")
    parser.add_argument("--rows", type=int, default=20_000, help="一起干时导入几行")
    parser.add_argument("--idle", type=float, default=60, help="一起干之前看几秒页面")
    parser.add_argument("--nice", type=int, default=0, help="worker 让着点,试比较用")
    parser.add_argument("--watch", type=float, default=10, help="看几分钟内存")
    parser.add_argument("--phones", type=int, default=16, help="多少部手机")
    parser.add_argument("--posts", type=float, default=40, help="每秒共提交几次")
    parser.add_argument("--part", choices=PARTS, default="all")
    parser.add_argument("--lasts", type=float, default=8.0, help="断资源持续几秒")
    parser.add_argument("--data-dir", type=Path, default=base / "faults")
    parser.add_argument("--out", type=Path, default=base / "faults.json")
    return parser.parse_args()
