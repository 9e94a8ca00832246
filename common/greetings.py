"""How a home page greets whoever opens it: by the hour, the same on every page."""

from datetime import datetime

PARTS_OF_DAY = (
    *((9, "早上好"), (11, "上午好"), (13, "中午好")),
    *((18, "下午好"), (24, "晚上好")),
)


def greeting(name: str, now: datetime) -> str:
    """Return 赵军,下午好."""
    words = next(words for hour, words in PARTS_OF_DAY if now.hour < hour)
    return f"{name},{words}"
