"""The `afterword` command: gathers its subcommands and turns what goes wrong into one line."""

from importlib import import_module

import click

from afterword_model.errors import AfterwordError

COMMANDS = {
    "classify": "classify_command",
    "review": "review_command",
    "formats": "formats_command",
    "serve": "serve_command",
}
"""Module of each subcommand, imported only when it is used."""


class _OneLine(click.ClickException):
    exit_code = 2


class Commands(click.Group):
    """A group whose commands are found by name, and whose errors end in one line and exit status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"afterword_serving.{COMMANDS[cmd_name]}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except AfterwordError as err:
            raise _OneLine(str(err)) from err


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="afterword", prog_name="afterword")
def main() -> None:
    """Read clinicians' notes about their own work: reflection, rumination, or neither.

    Everything happens on this computer. Results describe what words do, never what a person is.
    """
