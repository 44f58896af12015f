"""The report: one page that a person can look at, made of counts while a batch runs."""

from afterword_serving.report.page import Options
from afterword_serving.report.report_file import Report

__all__ = ["Options", "Report"]
