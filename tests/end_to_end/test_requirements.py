"""Every library that is imported is declared, even where it would come with another."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
NO_LIBRARIES = {"_typeshed", "pydantic_core"}
"""Names for type checkers alone, and a part of pydantic's that pydantic itself pins."""
NOT_INSTALLED = {"fasttext": ["fasttext-numpy2-wheel"]}
"""Distributions of optional packages whose names are not those of their packages."""


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return {_normal(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in lines}


def _imported() -> set[str]:
    """Return the packages of others that ours import, anywhere in a module."""
    found = set()
    for file in ROOT.glob("*/afterword_*/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    others = found - sys.stdlib_module_names - NO_LIBRARIES
    return {name for name in others if not name.startswith("afterword_")}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_declared() -> None:
    known, declared = NOT_INSTALLED | dict(packages_distributions()), _declared()
    assert {name for name in _imported() if not declared & set(map(_normal, known.get(name, [name])))} == set()
