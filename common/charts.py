"""Where the strokes of a chart go: plain arithmetic, in the units of its drawing."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from common.townships import CITY_CENTRE, TOWNSHIPS, Township

EAST_WEST = math.cos(math.radians(38.4))
BANDS = (90.0, 80.0, 70.0)


@dataclass(frozen=True)
class Box:
    """A rectangle or a place for words."""

    x: float
    y: float
    width: float = 0
    height: float = 0
    words: str = ""
    kind: str = ""
    url: str = ""
    place: str = ""


@dataclass
class Drawing:
    """One SVG: its size and what lies in it."""

    width: int
    height: int
    narrow: bool = False
    grid: list[Box] = field(default_factory=list)
    shapes: list[Box] = field(default_factory=list)
    words: list[Box] = field(default_factory=list)
    line: str = ""
    base: float = 0
    outlines: list[str] = field(default_factory=list)
    inset: Box | None = None


def ceiling(highest: float) -> float:
    """Return a round number at or above the highest, that four steps divide well."""
    if highest <= 4:
        return 4.0
    power = 10 ** math.floor(math.log10(highest))
    steps = (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10)
    return float(next(step * power for step in steps if step * power >= highest))


def bars(
    rows: Sequence[tuple[str, int, int, str]],
    *,
    due_words: str = "应走访",
    narrow: bool = False,
) -> Drawing:
    """Draw what was due in grey and what was done in blue, month by month.

    The blue bar of a row with an address leads there.
    """
    drawing = Drawing(*((360, 250) if narrow else (680, 260)), narrow=narrow)
    left, top, bottom = 46, 24, drawing.height - 32
    top_value = ceiling(max((max(due, done) for _, due, done, _ in rows), default=0))
    _rule(drawing, left, top, bottom, 0, top_value)
    slot = (drawing.width - left - 6) / max(1, len(rows))
    wide = slot * 0.31
    for number, (label, due, done, url) in enumerate(rows):
        start = left + slot * number + (slot - wide * 2 - 3) / 2
        for value, kind, x in ((due, "due", start), (done, "done", start + wide + 3)):
            height = (bottom - top) * value / top_value
            name = due_words if kind == "due" else "已走访"
            told = f"{label} {name} {value}"
            box = Box(x, bottom - height, wide, height, told, kind)
            box = replace(box, url=url if kind == "done" else "")
            drawing.shapes.append(_rounded(box))
        tip = bottom - (bottom - top) * done / top_value
        drawing.words.append(Box(start + wide * 1.5 + 3, tip - 6, words=str(done)))
        drawing.words.append(
            Box(left + slot * (number + 0.5), bottom + 21, words=label, kind="mid")
        )
    return drawing


def trend(points: Sequence[tuple[date, float]], *, narrow: bool = False) -> Drawing:
    """Draw a line through measured days, with the first value as a dashed base."""
    drawing = Drawing(*((360, 220) if narrow else (560, 210)), narrow=narrow)
    left, right, top, bottom = 46, drawing.width - 24, 26, drawing.height - 32
    values = [float(value) for _, value in points]
    low, high = min(values, default=0), max(values, default=0)
    floor, roof = _reach(low, high)
    _rule(drawing, left, top, bottom, floor, roof)
    first, last = points[0][0], points[-1][0]
    days = max(1, (last - first).days)
    marks = [
        Box(
            left + 14 + (right - left - 14) * (day - first).days / days,
            bottom - (bottom - top) * (float(value) - floor) / (roof - floor),
            words=f"{day:%Y-%m-%d} {value:g}",
        )
        for day, value in points
    ]
    drawing.shapes = [_rounded(mark) for mark in marks]
    drawing.line = " ".join(f"{mark.x},{mark.y}" for mark in drawing.shapes)
    drawing.base = drawing.shapes[0].y
    ends = [(0, "start")] if len(points) == 1 else [(0, "start"), (-1, "endmost")]
    for index, kind in ends:
        mark, (day, value) = marks[index], points[index]
        shift = -4 if kind == "start" else 4
        spot = Box(
            mark.x + shift, mark.y - 11, words=f"{value:g}", kind=f"{kind} strong"
        )
        drawing.words.append(_rounded(spot))
        drawing.words.append(
            _rounded(Box(mark.x, bottom + 22, words=f"{day:%Y-%m}", kind=kind))
        )
    return drawing


def _reach(low: float, high: float) -> tuple[float, float]:
    """Return round ends of a scale of four steps that holds both values."""
    rough = max((high - low) / 4, abs(high) * 0.02, 0.05)
    power = 10.0 ** math.floor(math.log10(rough))
    sizes = [power * size for size in (1, 2, 2.5, 5, 10, 20, 25, 50)]
    step = next(
        size for size in sizes if math.floor(low / size) * size + 4 * size >= high
    )
    floor = math.floor(low / step) * step
    return floor, floor + 4 * step


def band_of(value: float | None, bands: Sequence[float] = BANDS) -> int:
    """Return 1 for the best band, one more for each below, 0 where nothing is known."""
    if value is None:
        return 0
    return 1 + sum(value < edge for edge in bands)


def sketch_map(
    values: dict[str, float | None], urls: dict[str, str], *, narrow: bool = False
) -> Drawing:
    """Draw the two counties and a circle for each township, coloured by its value."""
    width = 360 if narrow else 640
    drawing = Drawing(width, 420 if narrow else 512, narrow=narrow)
    project = _projection(drawing)
    drawing.outlines = [
        " ".join("{},{}".format(*project(x, y)) for x, y in ring) for ring in _rings()
    ]
    inner = [place for place in TOWNSHIPS if place.inner_city]
    for place in TOWNSHIPS:
        if not place.inner_city:
            spot = project(place.longitude, place.latitude)
            drawing.shapes.append(_circle(place, spot, values, urls))
    _draw_inset(drawing, inner, values, urls)
    x, y = project(*CITY_CENTRE)
    # Above its square: beside it, on a phone, lies the next township.
    drawing.words.append(Box(x, round(y - 11, 1), words="城区", kind="city"))
    return drawing


def _draw_inset(
    drawing: Drawing,
    places: Sequence[Township],
    values: dict[str, float | None],
    urls: dict[str, str],
) -> None:
    """Put the six streets of the city in a box of their own, two by three."""
    step, tall = (58, 48) if drawing.narrow else (98, 60)
    box = Box(6, 6, step * 2 + 8, tall * 3 + 26, words="金川城区(放大)")
    if drawing.narrow:
        box = Box(4, 4, box.width, box.height, words="城区(放大)")
    drawing.inset = box
    for number, place in enumerate(places):
        x = box.x + 4 + step * (number % 2 + 0.5)
        y = box.y + 38 + tall * (number // 2)
        drawing.shapes.append(_circle(place, (x, y), values, urls))


def _circle(
    place: Township,
    spot: tuple[float, float],
    values: dict[str, float | None],
    urls: dict[str, str],
) -> Box:
    value = values.get(place.code)
    words = "—" if value is None else f"{value:.0f}"
    x, y = spot
    return Box(
        x,
        y,
        words=words,
        kind=str(band_of(value)),
        url=urls.get(place.code, ""),
        place=place.name,
    )


def _projection(drawing: Drawing) -> Callable[[float, float], tuple[float, float]]:
    """Return what turns longitude and latitude into the drawing's units."""
    points = [point for ring in _rings() for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    margin = 8
    scale = min(
        (drawing.width - 2 * margin) / ((east - west) * EAST_WEST),
        (drawing.height - 2 * margin - 14) / (north - south),
    )
    left = (drawing.width - (east - west) * EAST_WEST * scale) / 2
    # What is left over stays above, for the box of the inner city.
    foot = drawing.height - margin - 14

    def project(longitude: float, latitude: float) -> tuple[float, float]:
        x = left + (longitude - west) * EAST_WEST * scale
        return round(x, 1), round(foot - (latitude - south) * scale, 1)

    return project


@cache
def _rings() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Read the two counties' borders once."""
    file = Path(settings.BASE_DIR) / "static" / "vendor" / "jinchang_outline.json"
    counties = json.loads(file.read_text(encoding="utf-8"))["counties"]
    return tuple(
        tuple((x, y) for x, y in ring)
        for county in counties
        for ring in county["rings"]
    )


def _rule(
    drawing: Drawing, left: int, top: int, bottom: int, low: float, high: float
) -> None:
    """Draw five lines across, each with its number."""
    for step in range(5):
        value = low + (high - low) * step / 4
        y = bottom - (bottom - top) * step / 4
        words = f"{value:.0f}" if high - low >= 4 else f"{value:.2f}"
        drawing.grid.append(Box(left, round(y, 1), words=words))


def _rounded(box: Box) -> Box:
    return Box(
        round(box.x, 1),
        round(box.y, 1),
        round(box.width, 1),
        round(box.height, 1),
        box.words,
        box.kind,
        box.url,
        box.place,
    )
