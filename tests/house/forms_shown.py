"""Reads the forms of a page: which of them put what is typed into the address."""

from html.parser import HTMLParser

BOXES = ("text", "search", "tel")


def typed_into_the_address(page: str) -> list[str]:
    """Return the names of the boxes whose form is not posted."""
    forms = _Forms()
    forms.feed(page)
    return forms.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.method = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.method = (told.get("method") or "get").lower()
        box = tag == "input" and (told.get("type") or "text") in BOXES
        if (box or tag == "textarea") and self.method == "get":
            self.found.append(str(told.get("name")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.method = ""
