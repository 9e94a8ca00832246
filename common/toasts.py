"""Short words after a deed or a refusal, with a way back for half a minute."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

UNDO = "undo:"


def toast(
    request: HttpRequest,
    words: str,
    undo_url: str | None = None,
    *,
    refused: bool = False,
) -> None:
    """Show the words on the next page; with ``undo_url``, a 撤销 that posts there.

    What was ``refused``, wholly or in part, must not look like what was done.
    """
    level = messages.ERROR if refused else messages.SUCCESS
    tags = f"{UNDO}{undo_url}" if undo_url else ""
    messages.add_message(request, level, words, extra_tags=tags)


def undo_url_of(message: Message) -> str:
    """Return where 撤销 posts to, or nothing; never anywhere outside this site."""
    tags = str(message.extra_tags or "")
    address = tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
    return address if address.startswith("/") and address[1:2] not in "/\\" else ""
