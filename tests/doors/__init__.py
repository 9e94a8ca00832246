"""The doors: who comes in, how, for how long, and how one is put out."""
