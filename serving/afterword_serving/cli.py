"""The `afterword` command: gathers its subcommands and turns what goes wrong into one line."""

import os
import sys
from importlib import import_module
from typing import Any

import click

from afterword_model.errors import AfterwordError, places

COMMANDS = {
    "classify": "classify_command",
    "review": "review_command",
    "formats": "formats_command",
    "serve": "serve_command",
}
"""Module of each subcommand, imported only when it is used."""

_STOPPED, _FAULT = 130, 70
"""Exit statuses: 130 as shells have it for Ctrl+C, 70 as of BSD's sysexits."""


class _OneLine(click.ClickException):
    exit_code = 2


def _unwritten() -> str | None:
    """Return why what waits for standard output cannot be written, and let it go; None where it can."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads any more, which is no fault
        return None
    except OSError as err:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return f"Standard output cannot be written ({err.strerror})."
    return None


class Commands(click.Group):
    """A group whose commands are found by name, and whose errors end in one line and exit status 2.

    Ctrl+C ends in 130; a fault of ours in 70, told by its places in the code: its message could hold a note.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"afterword_serving.{COMMANDS[cmd_name]}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401  # as click has it
        """Run the command line; where its answer or its help cannot be printed, that is one line too."""
        try:
            return super().main(*args, **extra)
        except OSError:
            why = _unwritten()
            if why is None:
                raise
            click.echo(f"Error: {why}", err=True)
            sys.exit(_OneLine.exit_code)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except AfterwordError as err:
            _unwritten()
            raise _OneLine(str(err)) from err
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            ctx.exit(_STOPPED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as err:
            if why := _unwritten():
                raise _OneLine(why) from err
            where = ", from ".join(places(err)[:3])
            click.echo(f"{type(err).__name__}: a fault in Afterword ({where}). Please report it.", err=True)
            ctx.exit(_FAULT)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="afterword", prog_name="afterword")
def main() -> None:
    """Read clinicians' notes about their own work: reflection, rumination, or neither.

    Everything happens on this computer. Results describe what words do, never what a person is.
    """
