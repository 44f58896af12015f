"""What is wrong with labelled notes, or may be, before a model is made from them."""

from afterword_training.quality.checking import check_quality
from afterword_training.quality.copies import joined_groups
from afterword_training.quality.findings import Finding, Identifier, Kind, QualityReport
from afterword_training.quality.report import quality_markdown

__all__ = ["Finding", "Identifier", "Kind", "QualityReport", "check_quality", "joined_groups", "quality_markdown"]
