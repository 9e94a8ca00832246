"""What must fit together in a person's facts: id, certificate, disability, age."""

from typing import Any

from cadres.enums import Sex
from common import resident_id
from recipients.enums import Category, DisabilityKind, IdState, Kind
from recipients.models.recipient import ADULT_AGE

KINDS = {
    Category.CHILD: (
        Kind.ORPHAN_SOCIAL,
        Kind.ORPHAN_HOME,
        Kind.DE_FACTO,
        Kind.CHILD_HIV,
        Kind.CHILD_DISABLED,
    ),
    Category.DISABLED: (
        Kind.SEVERE_DIBAO,
        Kind.SEVERE_EDGE,
        Kind.SEVERE_SINGLE,
        Kind.MULTI,
        Kind.OLD_CARE_YOUNG,
    ),
    Category.DESTITUTE: (
        Kind.TEKUN_HOME,
        Kind.TEKUN_CENTRE,
        Kind.DIBAO_SEVERE,
        Kind.ACCIDENT,
        Kind.OTHER,
    ),
}


def check_together(form: Any, told: dict[str, Any]) -> None:
    """Add an error to the form for each pair of facts that contradict each other."""
    _identity(form, told)
    _certificate(form, told)
    _disability(form, told)
    _category(form, told)


def _identity(form: Any, told: dict[str, Any]) -> None:
    """Let the id tell sex and birth; without one a reason and a birth date."""
    if "resident_id" not in told:
        return
    if number := told["resident_id"]:
        read = resident_id.check(number, today=form.today)
        told |= {"id_state": IdState.PRESENT.value, "sex": read.sex}
        told["birth_on"] = read.birth_on
        return
    told["sex"] = told.get("sex") or Sex.UNKNOWN.value
    if told.get("id_state") == IdState.PRESENT:
        form.add_error("resident_id", "请填写身份证号;没有证号的,请选证件情况。")
    elif not told.get("birth_on") and "birth_on" not in form.errors:
        form.add_error("birth_on", "没有证号时,请填写出生日期。")


def _certificate(form: Any, told: dict[str, Any]) -> None:
    """Compare the certificate with the id; let it tell kind and grade."""
    number = told.get("certificate")
    if not number:
        return
    read = resident_id.parse_disability_certificate(number, today=form.today)
    if told.get("resident_id") and read.resident_id.number != told["resident_id"]:
        form.add_error("certificate", "残疾人证号前 18 位与身份证号不一致。")
    for name, value in (("kind", read.kind), ("grade", read.grade)):
        field = f"disability_{name}"
        told[field] = told.get(field) or value
        if told[field] != value:
            form.add_error(field, "与残疾人证号不一致,请核对。")


def _disability(form: Any, told: dict[str, Any]) -> None:
    kind, grade = told.get("disability_kind"), told.get("disability_grade")
    if kind and not grade:
        form.add_error("disability_grade", "填了残疾类别,请再选等级。")
    if grade and not kind:
        form.add_error("disability_kind", "填了残疾等级,请再选类别。")
    if kind != DisabilityKind.MULTIPLE:
        told["disability_kinds"] = []
    elif len(told.get("disability_kinds", [])) < 2 and not _kept(form):
        form.add_error("disability_kinds", "多重残疾请勾选包括的各类,至少两类。")


def _kept(form: Any) -> bool:
    """Say whether the file holds 多重 without its kinds, as rosters tell it."""
    filed = form.filed
    return bool(filed and filed.disability_kind == DisabilityKind.MULTIPLE)


def _category(form: Any, told: dict[str, Any]) -> None:
    """Hold age and category together; what was on file already may stay."""
    category = told.get("category")
    if not category:
        return
    told["also"] = [one for one in told.get("also", []) if one != category]
    _kind(form, category, told.get("kind", ""))
    if form.filed and form.filed.category == category:
        return
    if category == Category.DISABLED and not told.get("disability_kind"):
        form.add_error("disability_kind", "困难重度残疾人请填残疾类别和等级。")
    birth_on = told.get("birth_on")
    if not birth_on:
        return
    adult = resident_id.age_on(birth_on, form.today) >= ADULT_AGE
    if category == Category.CHILD and adult:
        form.add_error("category", "已满 18 周岁,不能按孤残儿童建档。")
    if category == Category.DISABLED and not adult:
        form.add_error("category", "未满 18 周岁,残疾儿童请选孤残儿童。")


def _kind(form: Any, category: str, kind: str) -> None:
    fitting = {str(one) for one in KINDS[Category(category)]}
    if kind in Kind.values and kind not in fitting:
        form.add_error("kind", f"“{Kind(kind).label}”不属于所选类别。")
