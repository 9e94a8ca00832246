"""Making an index beside those who write, so that it can be begun again."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently


class AddIndexBeside(AddIndexConcurrently):
    """Create an index concurrently, whatever a try before has left of it.

    One that was killed, or waited too long for a lock, leaves an index that is not
    valid, and the next try would find its name taken.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        # Says "if it exists" to the database.
        schema_editor.remove_index(model, self.index, concurrently=True)
        super().database_forwards(app_label, schema_editor, from_state, to_state)
