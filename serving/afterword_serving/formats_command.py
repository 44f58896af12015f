"""`afterword formats`: what is read, and where to find it in each app."""

import click


@click.command("formats")
def formats() -> None:
    """List the formats that are read, and from which menu of which app to export them.

    A format is found by a file's content; classify --from NAME overrides that.
    """
    from afterword_serving.journals import READERS

    width = max(len(reader.name) for reader in READERS)
    for reader in READERS:
        click.echo(f"{reader.name:<{width}} {reader.app}\n{'':<{width}} {reader.export}")
