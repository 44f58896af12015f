"""Classifies a Day One zip of many entries by the installed command, and tells its peak memory and its time.

    python -m tests.serving.measure.large_journal --entries 100000

Exit status 1 when an entry is lost or memory passes the limit. No part of the test suite: it takes long.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from afterword_model.errors import AfterwordError
from afterword_training.documents import check_marks, fill

MARK = "large journal"
NOTES = Path(__file__).parents[3] / "data" / "notes"
LIMIT = 1 << 30
"""Bytes of memory at the peak."""


def main() -> int:
    """Run it and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--report", action="store_true", help="have the page drawn too")
    parser.add_argument("--show", action="store_true", help="show what the command says")
    parser.add_argument("-o", "--out", type=Path, help="document to write the line into as well")
    options = parser.parse_args()
    try:
        if options.out:
            check_marks(options.out, MARK)
    except AfterwordError as err:
        parser.error(str(err))
    with tempfile.TemporaryDirectory() as folder:
        journal, out = Path(folder) / "journal.zip", Path(folder) / "results.jsonl"
        write_journal(journal, options.entries)
        command = [Path(sys.executable).with_name("afterword"), "classify", journal, "-o", out]
        command += ["--report", Path(folder) / "report.html"] if options.report else []
        began = time.monotonic()
        subprocess.run(command, check=True, stderr=None if options.show else subprocess.DEVNULL)
        seconds = time.monotonic() - began
        with out.open(encoding="utf-8") as lines:
            ids = [json.loads(line)["id"] for line in lines]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    whole = ids == [_id(number) for number in range(options.entries)]
    line = (
        f"{options.entries:,} entries, {'each once and in order' if whole else 'NOT ALL THERE'}; "
        f"peak memory {peak / 1e6:.0f} MB; {seconds / 60:.1f} minutes on {os.cpu_count()} processors."
    )
    sys.stdout.write(line + "\n")
    if options.out:
        fill(options.out, MARK, line)
    return int(not whole or peak >= LIMIT)


def write_journal(path: Path, entries: int) -> None:
    """Write a Day One export; its texts are the corpus's, over and over."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("Journal.json", "w") as journal:
        journal.write(b'{"metadata": {"version": "1.0"}, "entries": [')
        for number, text in enumerate(islice(_texts(), entries)):
            moment = datetime(2019, 1, 1, 7, tzinfo=UTC) + timedelta(minutes=37 * number)
            entry = {
                "uuid": _id(number),
                "creationDate": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
                "timeZone": "Europe/London",
                "text": f"{text}\n\nEntry {number}.",
            }
            journal.write(b"," * bool(number) + json.dumps(entry).encode())
        journal.write(b"]}")


def _texts() -> Iterator[str]:
    lines = (line for path in sorted(NOTES.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines())
    return cycle(json.loads(line)["text"] for line in lines)


def _id(number: int) -> str:
    return f"{number:032X}"


if __name__ == "__main__":
    sys.exit(main())
