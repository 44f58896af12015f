"""A report that gathers what a run writes, and appears under its name only when whole."""

from collections.abc import Iterable
from pathlib import Path

from afterword_model.durable import FRESH, write_whole, written_paths
from afterword_model.errors import ConfigError, OutputError
from afterword_model.manifest import Manifest
from afterword_serving.checkpoint import Checkpoint
from afterword_serving.destination import check_destination, linked
from afterword_serving.report.aggregate import Aggregate
from afterword_serving.report.page import Options, render
from afterword_serving.rows import Row
from afterword_serving.sinks import Sink


class Report:
    """Counts the rows on their way to a sink and writes a page about them."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path, self._options = linked(path), options
        self._aggregate = Aggregate(include_text=options.include_text)

    def check(self, taken: Iterable[str | Path]) -> None:
        """Return when the page can be written and is none of the files in `taken`.

        Raises:
            ConfigError: it cannot, or it is.
        """
        check_destination(self._path, ending=FRESH)
        if written_paths(self._path).intersection(Path(name).resolve() for name in taken):
            raise ConfigError(f"{self._path} is also an input or holds the results. Write the report to another file.")

    def add(self, rows: Iterable[Row]) -> None:
        """Count rows, those that an interrupted run wrote too."""
        for row in rows:
            self._aggregate.add(row)

    def watch(self, sink: Sink) -> Sink:
        """Return a sink that counts the rows that `sink` has taken."""
        return _Watched(sink, self)

    def write(self, *, skipped: int, model: Manifest | None, kept: str) -> None:
        """Write the page.

        Args:
            skipped: how many items of the journal were left out.
            model: what labelled the entries.
            kept: what to tell about the results when the page cannot be written.

        Raises:
            OutputError: it cannot be written; an older page stays as it was.
        """
        page = render(self._aggregate, self._options, skipped=skipped, model=model)
        try:
            write_whole(self._path, page, private=self._options.include_text)
        except OSError as err:
            raise OutputError(f"The report {self._path} cannot be written ({err.strerror}). {kept}") from err


class _Watched:
    def __init__(self, sink: Sink, report: Report) -> None:
        self._sink, self._report = sink, report

    def write(self, rows: list[Row], reached: Checkpoint) -> None:
        self._sink.write(rows, reached)
        self._report.add(rows)

    def finish(self) -> None:
        self._sink.finish()
