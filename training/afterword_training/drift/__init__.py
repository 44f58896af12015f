"""Drift: whether recent notes and answers still look like those that a model was measured on."""
