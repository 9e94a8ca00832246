"""Names a device and a place as a person would: 手机微信, 内网 10.8.*.*."""

import ipaddress

SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("OpenHarmony", "鸿蒙"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "安卓"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("UOS", "统信"),
    ("Linux", "Linux"),
)
# The narrower name first: WeChat and Edge call themselves Chrome as well.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("wxwork", "企业微信"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("360", "360 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_of(agent: str) -> str:
    """Return the system and the browser, or 未知设备."""
    system = next((words for mark, words in SYSTEMS if mark in agent), "")
    browser = next((words for mark, words in BROWSERS if mark in agent), "")
    return " · ".join(filter(None, (system, browser))) or "未知设备"


def place_of(address: str) -> str:
    """Return where an address lies, coarsely: its inner half is left out."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "未知位置"
    if found.is_loopback:
        return "本机"
    side = "内网" if found.is_private else "互联网"
    if found.version == 4:
        first, second, *_ = str(found).split(".")
        return f"{side} {first}.{second}.*.*"
    return f"{side} {found.exploded[:9]}:*"
