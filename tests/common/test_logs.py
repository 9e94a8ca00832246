"""Lines of the log tell what and where, never who."""

import io
import json
import logging

from structlog.contextvars import bound_contextvars

from common.logs import line_format


def logged(*, as_json: bool) -> tuple[logging.Logger, io.StringIO]:
    told = dict(line_format(as_json=as_json))
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(told.pop("()")(**told))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    return logger, out


def test_a_line_for_machines_carries_the_number_of_its_request():
    logger, out = logged(as_json=True)

    with bound_contextvars(request="4F2A77C0"):
        logger.warning("慢:%s", "走访台账")

    line = json.loads(out.getvalue())
    assert line["request"] == "4F2A77C0"
    assert line["event"] == "慢:走访台账"
    assert line["level"] == "warning"


def test_a_fault_tells_its_place_and_no_private_fact():
    logger, out = logged(as_json=False)

    try:
        raise ValueError("620321196503129019 打了 13912345678: 心脏病")
    except ValueError:
        logger.exception("没写成 62032119650312901X")

    told = out.getvalue()
    assert "test_logs.py" in told
    for private in (
        "620321196503129019",
        "62032119650312901X",
        "13912345678",
        "心脏病",
    ):
        assert private not in told
