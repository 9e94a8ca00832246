"""What is wrong with a file is read at a desk without pushing the table aside."""

from pathlib import Path

import pytest

from cadres.models import User
from intake.enums import BatchKind
from intake.operations import receive
from tests.browser.conftest import Screen
from tests.intake import play

pytestmark = pytest.mark.browser

READ_TABLE = """wrap => ({
  aside: wrap.scrollWidth - wrap.clientWidth,
  covered: [...wrap.querySelectorAll('tbody tr')].flatMap(row => {
    const edge = row.lastElementChild.getBoundingClientRect().left + 0.5;
    return [...row.querySelectorAll('td:not(:last-child) *')]
      .filter(one => one.getBoundingClientRect().right > edge)
      .map(one => one.outerHTML.slice(0, 120));
  }),
})"""


@pytest.mark.parametrize("width", [1440, 1280])
def test_a_preview_with_errors_in_every_column_fits_its_box(
    width: int, desktop: Screen, city_office: User, rosters_folder: Path
):
    file = play.roster(rosters_folder, "02")
    batch = receive(
        kind=BatchKind.RECIPIENTS,
        file_name=file.name,
        chunks=[file.read_bytes()],
        by=city_office,
    )
    desktop.sign_in(city_office.username)
    desktop.page.set_viewport_size({"width": width, "height": 900})

    page = desktop.open("intake:batch_detail", pk=batch.pk)

    wrap = page.locator(".table-wrap")
    assert wrap.locator(".cell-bad").count() > 20
    assert wrap.evaluate(READ_TABLE) == {"aside": 0, "covered": []}
    assert desktop.too_wide() <= 0
