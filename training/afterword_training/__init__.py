"""Afterword's training: how a classifier is made from labelled notes, and how it is judged."""
