"""A page that shows every part once, for eyes and for axe."""
