"""The keys of sealed fields: which there are, that they fit, how they are changed."""
