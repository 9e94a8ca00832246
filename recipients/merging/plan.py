"""What a merge does with each table that points at a person, read from the schema."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from recipients.merging.rules import Moves, Rule
from recipients.models import Recipient


class Unplanned(RuntimeError):
    """A table points at people and does not say what becomes of it in a merge."""


@dataclass(frozen=True)
class Reference:
    """One key to a person: in which model, by which field, under which rule."""

    model: type[models.Model]
    field: str
    rule: Rule

    @property
    def name(self) -> str:
        return f"{self.model._meta.label}.{self.field}"

    @property
    def column(self) -> str:
        return str(self.model._meta.get_field(self.field).column)  # type: ignore[union-attr]

    def rows(self, *people: UUID) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(**{f"{self.field}__in": people})


@dataclass(frozen=True)
class Step:
    """What becomes of one table's rows: how many come over, which give way."""

    reference: Reference
    number: int
    closed: list[models.Model]
    put_away: list[models.Model]

    @property
    def label(self) -> str:
        return str(self.reference.model._meta.verbose_name)

    @property
    def moves(self) -> bool:
        return isinstance(self.reference.rule, Moves)


def references() -> list[Reference]:
    """Return every key to a person, hidden ones too; raises Unplanned."""
    return [_reference(relation) for relation in _relations()]


def unplanned() -> list[str]:
    """Return the keys to people for which no rule is declared."""
    return [
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in _relations()
        if _rule(relation) is None
    ]


def steps(kept: UUID, gone: UUID) -> list[Step]:
    """Return what would become of every row of the file that goes."""
    return [_step(reference, kept, gone) for reference in references()]


def carry_out(plan: list[Step], kept: UUID, gone: UUID) -> None:
    """Close what gives way, move the rest; wants both people locked."""
    for step in plan:
        reference, rule = step.reference, step.reference.rule
        if not isinstance(rule, Moves):
            reference.rows(gone).delete()
            continue
        rows = reference.model._base_manager
        rows.filter(pk__in=[row.pk for row in step.put_away]).delete()
        if step.closed:
            closed = rows.filter(pk__in=[row.pk for row in step.closed])
            closed.update(**rule.made_way())
        reference.rows(gone).update(**{reference.field: kept})


def _step(reference: Reference, kept: UUID, gone: UUID) -> Step:
    """Find the rows that may not stand beside another once both files are one."""
    rule = reference.rule
    number = reference.rows(gone).count()
    closed: dict[Any, models.Model] = {}
    put_away: dict[Any, models.Model] = {}
    if isinstance(rule, Moves):
        for name, others, condition in _uniques(reference):
            lost = _later(reference, others, condition, rule.first, (kept, gone))
            away = name in rule.put_away or not rule.gives_way
            (put_away if away else closed).update({row.pk: row for row in lost})
    return Step(reference, number, list(closed.values()), list(put_away.values()))


def _later(
    reference: Reference,
    others: list[str],
    condition: models.Q,
    first: tuple[str, ...],
    people: tuple[UUID, UUID],
) -> list[models.Model]:
    alike = defaultdict(list)
    for row in reference.rows(*people).filter(condition).order_by(*first):
        alike[tuple(str(getattr(row, name)) for name in others)].append(row)
    return [row for group in alike.values() for row in group[1:]]


def _uniques(reference: Reference) -> Iterator[tuple[str, list[str], models.Q]]:
    """Yield what allows a person one row only: (name, its other fields, when)."""
    meta, name = reference.model._meta, reference.field
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and (
            name in constraint.fields
        ):
            rest = [one for one in constraint.fields if one != name]
            yield constraint.name, rest, constraint.condition or models.Q()
    for together in meta.unique_together:
        if name in together:
            rest = [one for one in together if one != name]
            yield "unique_together", rest, models.Q()
    if meta.get_field(name).unique:  # type: ignore[union-attr]
        yield "unique", [], models.Q()


def _relations() -> list[Any]:
    """Return what points at people; related_objects would leave out hidden ones."""
    found = [
        relation
        for relation in Recipient._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    ]
    return sorted(
        found, key=lambda one: (one.related_model._meta.label, one.field.name)
    )


def _rule(relation: Any) -> Rule | None:
    declared = getattr(relation.related_model, "ON_MERGE", {})
    rule: Rule | None = declared.get(relation.field.name)
    return rule


def _reference(relation: Any) -> Reference:
    rule = _rule(relation)
    if rule is None:
        raise Unplanned(f"{relation.related_model._meta.label}.{relation.field.name}")
    return Reference(relation.related_model, relation.field.name, rule)
