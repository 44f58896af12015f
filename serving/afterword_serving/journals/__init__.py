"""Journals: any export in, entries out. Each format is one small file behind the `Reader` protocol."""

from afterword_serving.journals.reader import Reader, ReadOptions
from afterword_serving.journals.readers import READERS, read_journals

__all__ = ["READERS", "ReadOptions", "Reader", "read_journals"]
