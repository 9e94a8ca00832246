"""Work to be done later: rows with progress, which Celery only carries out."""
