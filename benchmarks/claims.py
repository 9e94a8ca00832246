"""Every claim: its name, what it is about, and the databases it wants."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from benchmarks.figures import Figure
from benchmarks.sizes import Size
from benchmarks.stage import FEW, MANY, Stage


@dataclass(frozen=True)
class Claim:
    """A module of this package that yields figures."""

    name: str
    words: str
    databases: tuple[str, ...] = ()

    @property
    def measure(self) -> Callable[[Size, Stage], Iterator[Figure]]:
        found = import_module(f"benchmarks.{self.name}").measure
        measure: Callable[[Size, Stage], Iterator[Figure]] = found
        return measure


CLAIMS = {
    claim.name: claim
    for claim in (
        Claim("imports", "花名册导入"),
        Claim("seeding", "批量生成走访"),
        Claim("exports", "台账导出", (MANY,)),
        Claim("pages", "列表与查找", (FEW, MANY)),
        Claim("reconciliation", "名单比对", (MANY,)),
        Claim("trail", "留痕的链"),
        Claim("visits", "走访提交", (FEW,)),
        Claim("steps", "数据库结构的变更", (MANY,)),
    )
}
