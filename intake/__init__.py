"""Files that come in: read, judged, previewed, confirmed, undone."""
