"""Review: which notes are most worth a person's label, and tasks that labelling tools import as they are."""

from afterword_serving.review.find import Found, Search, find_tasks
from afterword_serving.review.task import Task

__all__ = ["Found", "Search", "Task", "find_tasks"]
