"""`python -m afterword_serving` is the `afterword` command."""

from afterword_serving.cli import main

main()
