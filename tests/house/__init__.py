"""The house keeps itself: what must hold for every page, field and operation."""
