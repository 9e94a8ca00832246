"""What a demonstration lacks until somebody works in it: a file, a ledger, a draft."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from cadres.models import Area, User
from intake import operations as intake
from intake.enums import BatchKind
from reports.operations import exports
from reports.scope import Scope
from tests.browser import tables

COUNTY = "620321000000"


def set_the_stage() -> None:
    """Leave a batch to be confirmed, and one ledger that a worker shall write."""
    with TemporaryDirectory() as folder:
        name = "孤残儿童花名册(11月).xlsx"
        path = Path(folder) / name
        tables.children_with_mistakes(path, today=timezone.localdate())
        for username in ("city", "yongchang", "hexibao", "admin"):
            intake.receive(
                kind=BatchKind.RECIPIENTS,
                file_name=name,
                chunks=[path.read_bytes()],
                by=User.objects.get(username=username),
            )
    county = Area.objects.get(pk=COUNTY)
    for username in ("city", "yongchang", "admin"):
        user = User.objects.get(username=username)
        scope = Scope(user=user, area=county)
        exports.ask_to_export(
            ledger="visits", scope=scope, reason="报市关爱办", by=user
        )
