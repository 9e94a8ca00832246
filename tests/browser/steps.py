"""What people do in the product, one verb each, told in their words."""

import re
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Screen

OUTCOMES = ("新增", "更新", "未变", "重复", "错误")


def brings_in(screen: Screen, kind: str, path: Path) -> dict[str, int]:
    """Upload a roster, read the preview, confirm; return what the preview said."""
    page = screen.open("intake:upload")
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("文件").set_input_files(path)
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("heading", name=re.compile("^导入")).wait_for()
    said = page.get_by_role("group", name="结果").inner_text()
    page.get_by_role("button", name=re.compile("新增|导入")).last.click()
    expect(page.get_by_text("已导入,可在 30 天内整批撤销。")).to_be_visible()
    return {word: int(re.search(rf"{word}\s*(\d+)", said)[1]) for word in OUTCOMES}


def proposes(screen: Screen, person: str, cadre: str) -> None:
    """Choose a cadre for somebody who has none."""
    page = screen.open("recipients:pairing_board", "?queue=unpaired")
    page.get_by_role("link", name=re.compile(person)).click()
    page.get_by_placeholder("按姓名、拼音、首字母找干部").fill(cadre)
    page.get_by_role("button", name="查找").click()
    page.get_by_label(re.compile(f"^{cadre}")).check()
    page.get_by_role("button", name="提出,送县区审核").click()
    expect(page.get_by_role("heading", name="提出结对")).to_have_count(0)


def approves(screen: Screen, person: str) -> None:
    """Open the proposal on the board and let it begin today."""
    page = screen.open("recipients:pairing_board")
    page.get_by_role("link", name=re.compile(person)).first.click()
    page.get_by_role("button", name="通过,开始结对").click()
    expect(page.get_by_text("已通过结对。")).to_be_visible()


def opens_account_for(screen: Screen, cadre: str, username: str) -> str:
    """Give the cadre an account; return the password that is shown once."""
    page = screen.open("cadres:cadre_list", f"?q={cadre}")
    page.get_by_role("link", name=cadre, exact=True).click()
    page.get_by_label("用户名").fill(username)
    page.get_by_role("button", name="开账号").click()
    password: str = page.locator("#one-time-password").inner_text()
    return password


def signs_in_first(screen: Screen, username: str, once: str, chosen: str) -> None:
    """Sign in with the password that was told, and choose one's own."""
    page = screen.sign_in(username, once)
    page.get_by_label("当前密码").fill(once)
    page.get_by_label("新密码").fill(chosen)
    page.get_by_label("再输一次").fill(chosen)
    page.get_by_role("button", name="保存新密码").click()
    expect(page.get_by_role("heading", name="修改密码")).to_have_count(0)


class Thumb:
    """Taps on a phone, and counts."""

    def __init__(self, screen: Screen) -> None:
        self.page: Page = screen.page
        self.taps = 0

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def begins_visit(self, person: str) -> None:
        """From the first page: the red plus, then the family."""
        self.tap(self.page.get_by_role("link", name="记走访", exact=True).last)
        self.tap(self.page.get_by_role("link", name=re.compile(person)))

    def says(self, phrase: str) -> None:
        self.tap(self.page.get_by_role("button", name=phrase))

    def checks(self, policy: str, answer: str, words: str = "") -> None:
        """Answer one of the seven policies; say why where it is not enjoyed."""
        group = self.page.get_by_role("radiogroup", name=policy)
        self.tap(group.locator("label", has_text=answer))
        if words:
            row = self.page.locator("[data-policy]", has=group)
            row.get_by_placeholder("为什么没享受到").fill(words)

    def unfolds(self, section: str) -> None:
        self.tap(self.page.locator("summary", has_text=section))

    def sends(self) -> None:
        self.tap(self.page.get_by_role("button", name="提交走访"))


def reads_bell(screen: Screen) -> str:
    """Open the bell; return all it says."""
    page = screen.page
    page.get_by_role("link", name=re.compile("^消息|^通知")).first.click()
    page.get_by_role("heading", name="通知").wait_for()
    told: str = page.locator("main").inner_text()
    return told


def sees_overdue(screen: Screen) -> str:
    """Return what the list of families overdue says."""
    page = screen.open("visits:overdue_list")
    told: str = page.locator("#overdue").inner_text()
    return told


def brings_list(screen: Screen, kind: str, month: str, path: Path) -> dict[str, int]:
    """Upload a department's list and have it compared; return the tallies."""
    page = screen.open("rosters:roster_list")
    page.get_by_label("名单", exact=False).first.select_option(kind)
    page.get_by_label("月份").fill(month)
    page.get_by_label("名单文件").set_input_files(path)
    page.get_by_role("button", name="上传并比对").click()
    page.get_by_role("heading", name="每一行都有着落").wait_for()
    names = page.locator(".tally dt").all_inner_texts()
    counts = page.locator(".tally dd").all_inner_texts()
    return dict(zip(names, map(int, counts), strict=True))


def settles(screen: Screen, person: str, deed: str, words: str) -> None:
    """Open the difference about this person and say what was done."""
    page = screen.open("rosters:difference_list")
    if page.get_by_role("row", name=re.compile(person)).count():
        row = page.get_by_role("row", name=re.compile(person))
        row.get_by_role("link", name="处理").click()
    else:
        page.get_by_role("link", name=re.compile(person)).click()
    page.get_by_label("处理方式").select_option(label=deed)
    page.get_by_label("说明").fill(words)
    page.get_by_role("button", name="处理这条差异").click()
    expect(page.get_by_text("已处理").first).to_be_visible()


def takes_out(screen: Screen, ledger: str, folder: Path) -> list[dict[str, Any]]:
    """Export the ledger and read the file: its rows by heading."""
    page = screen.open("reports:export_list")
    page.get_by_label("台账").first.select_option(label=ledger)
    page.get_by_label("用途").fill("核对本月台账")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Excel").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    heads, *rows = openpyxl.load_workbook(path)["台账"].iter_rows(
        min_row=3, values_only=True
    )
    return [
        dict(zip(heads, row, strict=True))
        for row in rows
        if isinstance(row[0], int | float)
    ]
