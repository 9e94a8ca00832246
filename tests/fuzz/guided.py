"""A small coverage-guided fuzzer: what reaches a new turn of the code is bred from."""

import random
import sys
from collections.abc import Callable, Iterable
from types import CodeType, FrameType, ModuleType
from typing import Any

LONGEST = 200
# Of letters that mean something to somebody: digits in every writing, and oddities.
LETTERS = "0123456789Xx０９ⅢⅣ①〇零一二三十两廿年月日号/-.—~:：,，、;；()（）+eE'’·•"
ODDITIES = "\u200b\u3000\u00a0\ufeff\u202e\ud7ff\ue000\U00020bb7\u0301\u0000\n\t%=@"

Turn = tuple[CodeType, int, int]


class Turns:
    """The turns (from which line to which) that calls take through some files."""

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self.files = {module.__file__ for module in modules}
        self.taken: set[Turn] = set()

    def of(self, call: Callable[[], object]) -> set[Turn]:
        """Return the turns of one call that none took before."""
        found: set[Turn] = set()
        before = sys.gettrace()

        def enter(frame: FrameType, event: str, told: Any) -> Any:
            if frame.f_code.co_filename not in self.files:
                return None
            last = [frame.f_lineno]

            def step(frame: FrameType, event: str, told: Any) -> Any:
                found.add((frame.f_code, last[0], frame.f_lineno))
                last[0] = frame.f_lineno
                return step

            return step

        sys.settrace(enter)
        try:
            call()
        finally:
            sys.settrace(before)
        new = found - self.taken
        self.taken |= new
        return new


def explore(
    call: Callable[[str], object],
    modules: Iterable[ModuleType],
    seeds: Iterable[str],
    *,
    chance: random.Random,
    tries: int,
) -> list[str]:
    """Call with one text after another, bred from those that went new ways.

    Returns these. What the call raises is told together with the text.
    """
    modules = list(modules)
    turns, words = Turns(modules), sorted(_words(modules))
    bred = [*seeds, ""]
    for number in range(tries):
        text = bred[number] if number < len(bred) else _mutant(bred, words, chance)
        try:
            new = turns.of(lambda text=text: call(text))
        except Exception as fault:
            raise AssertionError(f"{text!r}: {fault!r}") from fault
        if new and number >= len(bred):
            bred.append(text)
    return bred


def _mutant(bred: list[str], words: list[str], chance: random.Random) -> str:
    # Mostly of the latest, which went where nobody was before.
    text = chance.choice(bred[-8:] if chance.random() < 0.5 else bred)
    for _ in range(chance.randint(1, 4)):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        match chance.randrange(6):
            case 0:
                text = text[:at] + text[to:]
            case 1:
                text = text[:at] + chance.choice(LETTERS) + text[at:]
            case 2:
                text = text[:at] + chance.choice(words or [""]) + text[at:]
            case 3:
                other = chance.choice(bred)
                text = text[:at] + other[chance.randrange(len(other) + 1) :]
            case 4:
                text = text[:to] + text[at:]
            case _:
                letter = chance.choice(LETTERS + ODDITIES)
                text = text[:at] + letter + text[at + 1 :]
    return text[:LONGEST]


def _words(modules: Iterable[ModuleType]) -> set[str]:
    """Return the words that the code itself looks for: they open doors."""
    found: set[str] = set()
    for module in modules:
        for kept in vars(module).values():
            found |= set(_texts(kept))
            if isinstance(getattr(kept, "__code__", None), CodeType):
                found |= set(_texts(kept.__code__.co_consts))
    return {word for word in found if len(word) <= 20}


def _texts(kept: object) -> Iterable[str]:
    if isinstance(kept, str):
        yield kept
    elif isinstance(kept, dict | frozenset | set | tuple | list):
        for one in kept:
            yield from _texts(one)
