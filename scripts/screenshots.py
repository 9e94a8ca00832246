"""Makes the README's pictures from the running demonstration city.

``python scripts/screenshots.py`` writes docs/pictures; ``--all FOLDER`` instead writes
every page as every role, on a phone, at a desk and in the largest letters, for looking.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchang_care.settings")
os.environ.setdefault("DATA_DIR", str(BASE / "var" / "pictures"))
os.environ.setdefault("PORT", "8190")
# Playwright keeps an event loop in this thread, although nothing here is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
ADDRESS = f"http://127.0.0.1:{os.environ['PORT']}"
PICTURES = BASE / "docs" / "pictures"
TALLEST = 5_000
PHONE, DESKTOP = (390, 844), (1440, 900)
# Name of the picture: who looks, which page, on what screen.
README = {
    "workbench": ("yongchang", "reports:home", DESKTOP),
    "visit": ("cadre", "visits:visit_new", PHONE),
    "import": ("yongchang", "intake:batch_detail", DESKTOP),
}
SIZES = {
    "phone": (PHONE, "std"),
    "desk": (DESKTOP, "std"),
    "large": (PHONE, "xl"),
}


def main() -> None:
    """Start the product, look at its pages, stop it."""
    parser = argparse.ArgumentParser(description="给各页面拍照。")
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="拍全部页面")
    parser.add_argument("--only", nargs="*", default=[], help="只拍这些账号")
    asked = parser.parse_args()
    with running_product():
        import django

        django.setup()
        from intake.models import ImportBatch
        from tests.browser.staging import set_the_stage

        if not ImportBatch.objects.exists():
            set_the_stage()
        if asked.all:
            picture_all(asked.all, asked.only)
        else:
            picture_readme()


@contextmanager
def running_product() -> Iterator[None]:
    """Keep the product running meanwhile; it makes its demo city the first time."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "jinchang_care.keeper"],
        cwd=BASE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert keeper.stdout is not None
    try:
        for line in keeper.stdout:
            print(line, end="")
            if line.startswith("Ready:"):
                break
        else:
            raise SystemExit("没有启动成功,原因见上面几行。")
        yield
    finally:
        keeper.terminate()
        keeper.communicate()


def picture_readme() -> None:
    """Write the three pictures that README.md shows."""
    from tests.browser.pages import looks

    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, (username, page_name, size) in README.items():
        with signed_in(username, size, "std") as (page, user):
            path = next(look.path for look in looks(user) if look.name == page_name)
            page.goto(ADDRESS + path, wait_until="networkidle")
            picture = PICTURES / f"{name}.png"
            page.screenshot(path=picture)
            print(picture.relative_to(BASE), picture.stat().st_size // 1024, "KB")


def picture_all(folder: Path, only: list[str]) -> None:
    """Write every page as every role, at every size, whole."""
    from tests.browser.pages import EYES, looks

    folder.mkdir(parents=True, exist_ok=True)
    for username in only or EYES:
        for words, (size, letters) in SIZES.items():
            with signed_in(username, size, letters) as (page, user):
                for look in looks(user):
                    page.goto(ADDRESS + look.path, wait_until="networkidle")
                    asked = look.path.partition("?")[2].replace("=", "-")
                    name = "_".join(filter(None, [username, look.name, asked, words]))
                    name = name.replace(":", ".")
                    height = page.locator("html").evaluate("html => html.scrollHeight")
                    page.screenshot(
                        path=folder / f"{name}.png",
                        full_page=True,
                        clip={
                            **{"x": 0, "y": 0, "width": size[0]},
                            "height": min(height, TALLEST),
                        },
                    )
        print(username)


@contextmanager
def signed_in(username: str, size: tuple[int, int], letters: str):
    """Open a page on a screen of this size, signed in as this demo account."""
    from playwright.sync_api import sync_playwright

    from cadres.models import User

    User.objects.filter(username=username).update(text_size=letters)
    user = User.objects.get(username=username)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
        )
        page = context.new_page()
        # Not the first visit: the pictures show the pages, not the three steps.
        page.add_init_script(
            "const kept = Storage.prototype.getItem;"
            "Storage.prototype.getItem = function (name) {"
            " return name.startsWith('first-use:') ? '1' : kept.call(this, name); };"
        )
        page.goto(f"{ADDRESS}/login/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill("jinchang-demo")
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        yield page, user
        browser.close()
    User.objects.filter(username=username).update(text_size="std")


if __name__ == "__main__":
    main()
