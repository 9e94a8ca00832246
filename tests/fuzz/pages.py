"""Reads a page as a browser would: its forms, their fields, and what each begins as."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

TYPED = {"text", "search", "tel", "email", "number", "date", "textarea", "password"}
FILL = {"date": "2026-11-20", "number": "1", "tel": "19900001234"}


@dataclass
class Field:
    """One field: its kind, its value as the page came, and what may be chosen."""

    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    def filled(self) -> str:
        """Return what a person in a hurry would send."""
        if self.value:
            return self.value
        if self.choices:
            return next(filter(None, self.choices), "")
        return FILL.get(self.kind, "测试" if self.kind in TYPED else "")


@dataclass
class Form:
    """One form: where it goes, how, and its fields by name."""

    action: str
    method: str
    is_multipart: bool = False
    fields: dict[str, Field] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.inside: Form | None = None
        self.select: Field | None = None
        self.textarea: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open(told)
        elif tag == "option" and self.select is not None:
            self.select.choices.append(told.get("value", ""))
            if "selected" in told:
                self.select.value = told.get("value", "")
        elif tag in ("input", "select", "textarea", "button"):
            self._take(tag, told)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.textarea.value += data.strip("\n")

    def _open(self, told: dict[str, str]) -> None:
        form = Form(
            action=urljoin(self.url, told.get("action") or self.url),
            method=told.get("method", "get").lower(),
            is_multipart="multipart" in told.get("enctype", ""),
        )
        self.inside = form
        self.forms.append(form)
        if told.get("id"):
            self.by_id[told["id"]] = form

    def _take(self, tag: str, told: dict[str, str]) -> None:
        form = self.by_id.get(told.get("form", ""), self.inside)
        name = told.get("name", "")
        if form is None or not name or "disabled" in told:
            return
        kind = told.get("type", "text") if tag == "input" else tag
        known = form.fields.get(name)
        if kind in ("radio", "checkbox"):
            known = form.fields.setdefault(name, Field(kind))
            known.choices.append(told.get("value", "on"))
            if "checked" in told:
                known.value = told.get("value", "on")
        elif tag != "button" or known is None:
            known = form.fields[name] = Field(kind, told.get("value", ""))
        if tag == "select":
            self.select = known
        elif tag == "textarea":
            self.textarea = known


def forms_on(html: str, url: str) -> Iterator[Form]:
    """Yield the page's forms that go to the product itself."""
    reader = _Reader(url)
    reader.feed(html)
    for form in reader.forms:
        if form.action.startswith("/"):
            yield form
