"""The sketch map, drawn by a browser: no circle lies on a name."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from playwright.sync_api import Browser

from common.townships import TOWNSHIPS
from tests.browser.conftest import DESKTOP, PHONE, new_context

pytestmark = pytest.mark.browser
# Every name that a circle of another place reaches into.
READ_COVERED = """() => {
  const found = [];
  const circles = [...document.querySelectorAll('.map circle.dot')];
  for (const name of document.querySelectorAll('.map text.place, .map text.hint')) {
    const box = name.getBoundingClientRect();
    for (const circle of circles) {
      if (!box.width || circle.parentNode === name.parentNode && name.matches('.place'))
        continue;
      const round = circle.getBoundingClientRect();
      const x = round.x + round.width / 2, y = round.y + round.height / 2;
      const beside = Math.max(0, box.left - x, x - box.right);
      const above = Math.max(0, box.top - y, y - box.bottom);
      if (Math.hypot(beside, above) < round.width / 2)
        found.push(name.textContent + ' under ' + circle.textContent);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_circle_of_the_map_lies_on_a_name(browser: Browser, viewport):
    values = {place.code: 40 for place in TOWNSHIPS}
    urls = dict.fromkeys(values, "/visits/")
    drawn = Template("{% load charts %}{% sketch_map values 'a' '%' urls %}").render(
        Context({"values": values, "urls": urls})
    )
    style = (Path(settings.BASE_DIR) / "static/css/site.css").read_text()

    with new_context(browser, viewport) as context:
        page = context.new_page()
        page.set_content(
            "<meta name=viewport content=width=device-width>"
            f"<style>{style}</style><body>{drawn}"
        )
        covered = page.evaluate(READ_COVERED)

    assert covered == []
