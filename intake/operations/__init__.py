"""What can be done with a file that came in."""

from audit.sentences import register
from intake.operations.at_once import Brought, bring_in
from intake.operations.choosing import choose_columns, judge_again
from intake.operations.confirming import ask_to_confirm, confirm
from intake.operations.correcting import answer, correct_row
from intake.operations.receiving import check, fail, receive
from intake.operations.undoing import InTheWay, undo_batch

register(
    {
        "import.received": "上传了导入文件",
        "import.checked": "上传并核对了导入文件",
        "import.failed": "导入文件未能读入",
        "import.corrected": "改正了导入文件的一行",
        "import.answered": "答复了导入文件的待定行",
        "import.columns_asked": "提交了导入文件的列对应",
        "import.columns": "改了导入文件的列对应",
        "import.asked": "提交了一批导入",
        "import.confirmed": "导入了一批数据",
        "import.undone": "撤销了一批导入",
    }
)

__all__ = [
    "Brought",
    "InTheWay",
    "answer",
    "ask_to_confirm",
    "bring_in",
    "check",
    "choose_columns",
    "confirm",
    "correct_row",
    "fail",
    "judge_again",
    "receive",
    "undo_batch",
]
