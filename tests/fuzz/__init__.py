"""Inputs nobody meant well: generated from the product's own forms and lists."""
