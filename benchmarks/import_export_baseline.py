"""The baseline of imports: django-import-export in its bulk mode, on the same model.

It has the same derived columns and seals the same fields, but judges nothing, keeps
no row for undo and leaves no event: it does less than ours.
"""

from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from import_export import resources
from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.instance_loaders import CachedInstanceLoader
from tablib import Dataset

from cadres.models import Area
from common.encryption import blind_index
from common.pinyin import pinyin_of
from common.search_text import grams
from recipients.enums import Category, DisabilityGrade, DisabilityKind
from recipients.models import Guardian, Household, Recipient

ROWS_AT_ONCE = 1_000
CATEGORIES = {label: value for value, label in Category.choices}
KINDS = {label.removesuffix("残疾"): value for value, label in DisabilityKind.choices}
GRADES = {label: value for value, label in DisabilityGrade.choices}
# A column of the file, or one derived from it, for each attribute.
COLUMNS = {
    "name": "姓名",
    "pinyin": "pinyin",
    "initials": "initials",
    "grams": "grams",
    "resident_id": "身份证号",
    "resident_id_index": "index",
    "sex": "sex",
    "birth_on": "birth_on",
    "category": "category",
    "disability_kind": "disability_kind",
    "disability_grade": "disability_grade",
    "certificate": "残疾证号",
    "area_id": "area",
    "village": "村社区",
    "address": "家庭住址",
    "phone": "联系电话",
    "phone_index": "phone_index",
    "dibao": "dibao",
    "note": "备注",
    "household_id": "household",
    "code": "code",
    "registered_on": "today",
}


class RecipientResource(resources.ModelResource):  # type: ignore[misc]
    """Imports people as the library's documentation advises for large files."""

    class Meta:
        model = Recipient
        fields = ()
        import_id_fields = ("resident_id_index",)
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = ROWS_AT_ONCE
        skip_diff = True
        report_skipped = False
        use_transactions = True

    def __init__(self) -> None:
        super().__init__()
        for attribute, column in COLUMNS.items():
            self.fields[attribute] = Field(attribute=attribute, column_name=column)
        self.areas = {area.name: area.pk for area in Area.objects.all()}
        self.today = timezone.localdate()
        self.guardians: list[Guardian] = []

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Derive the key that people are known by, and open a household for each."""
        areas = [self.areas[name] for name in dataset["乡镇街道"]]
        homes = [Household(area_id=area) for area in areas]
        Household.objects.bulk_create(homes, batch_size=ROWS_AT_ONCE)
        indexes = [blind_index(number) for number in dataset["身份证号"]]
        dataset.append_col([home.pk for home in homes], header="household")
        dataset.append_col(areas, header="area")
        dataset.append_col(indexes, header="index")
        dataset.append_col(
            [f"B-{number:06d}" for number in range(len(homes))], header="code"
        )

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        number = row["身份证号"]
        for name, value in row.items():
            row[name] = "" if value is None else value
        row["pinyin"], row["initials"] = pinyin_of(row["姓名"])
        row["grams"] = grams(row["姓名"])
        row["sex"] = "1" if int(number[16]) % 2 else "2"
        row["birth_on"] = date.fromisoformat(number[6:14])
        row["category"] = CATEGORIES[row["对象类别"]]
        row["disability_kind"] = KINDS.get(row["残疾类别"], "")
        row["disability_grade"] = GRADES.get(row["残疾等级"], "")
        phone = row["联系电话"]
        row["phone_index"] = blind_index(phone) if phone else None
        row["dibao"] = row["是否低保"] == "是"
        row["today"] = self.today

    def after_save_instance(
        self, instance: Recipient, row: dict[str, Any], **kwargs: Any
    ) -> None:
        if row["监护人姓名"]:
            phone = row["监护人电话"]
            self.guardians.append(
                Guardian(
                    recipient=instance,
                    name=row["监护人姓名"],
                    relation=row["监护人关系"],
                    phone=phone,
                    phone_index=blind_index(phone) if phone else None,
                )
            )

    def after_import(self, dataset: Dataset, result: Any, **kwargs: Any) -> None:
        Guardian.objects.bulk_create(self.guardians, batch_size=ROWS_AT_ONCE)


class JudgedResource(RecipientResource):
    """The same, with every row judged the way the library offers: by its model."""

    class Meta(RecipientResource.Meta):
        clean_model_instances = True


def import_file(path: str) -> int:
    """Import the workbook; return how many people are on file then."""
    return _import(path, RecipientResource())


def import_judged(path: str) -> int:
    return _import(path, JudgedResource())


def _import(path: str, resource: RecipientResource) -> int:
    dataset = XLSX().create_dataset(Path(path).read_bytes())
    resource.import_data(dataset, dry_run=False, raise_errors=True)
    return Recipient.objects.count()
