"""Takes a whole batch back while nothing depends on it."""

from django.db import transaction
from django.utils import timezone

from audit import trail
from cadres.models import User
from cadres.permissions import Permission, permits
from common.refusals import Refused
from intake.enums import BatchStatus, Outcome
from intake.models import ImportBatch
from intake.operations.confirming import take_turn
from intake.operations.receiving import summary
from intake.registry import Obstacle, importer_for

NAMED = 5


class InTheWay(Refused):
    """Rows of a batch that something depends on; ``obstacles`` names each."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        """Carry the rows; the sentence names the first few."""
        first = ";".join(
            f"{obstacle.row}{obstacle.words}" for obstacle in obstacles[:NAMED]
        )
        more = f"等{len(obstacles)}行" if len(obstacles) > NAMED else ""
        super().__init__(f"有{len(obstacles)}行已不能撤销:{first}{more}。")
        self.obstacles = obstacles


@permits(Permission.IMPORT)
@transaction.atomic
def undo_batch(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Remove what the batch added and give back what it changed.

    Raises Refused after 30 days, InTheWay when something depends on a new row.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.status == BatchStatus.CONFIRMED and not batch.may_be_undone:
        raise Refused("导入已超过 30 天,不能整批撤销。")
    batch.move_to(BatchStatus.UNDONE)
    take_turn()
    importer = importer_for(batch.kind)
    written = (Outcome.NEW, Outcome.CHANGED)
    rows = list(batch.rows.filter(outcome__in=written).order_by("position"))
    obstacles = importer.obstacles(rows)
    if obstacles:
        raise InTheWay(obstacles)
    importer.undo(rows, by=by)
    batch.undone_at, batch.version = timezone.now(), batch.version + 1
    batch.save(update_fields=["status", "undone_at", "version"])
    trail.record("import.undone", subject=batch, by=by, **summary(batch))
    return batch
