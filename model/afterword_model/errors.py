"""Everything Afterword raises on purpose. A message never repeats a note's text.

AfterwordError
├── InputError                 a file, row or text that cannot be read
├── OutputError                results, a report or tasks that cannot be written
├── ConfigError                a setting or a combination of options that cannot work
├── RegistryError              a registry that does not say which model is in use, or cannot be read or changed
└── ArtifactError              a trained model that cannot be used
    ├── ArtifactNotFound       there is none at that path
    ├── ArtifactForeign        something else lies there
    ├── ArtifactIncomplete     a file is missing or cut short
    ├── ArtifactAltered        a file is not the one that was saved
    ├── ArtifactMismatch       made for other library versions
    └── ArtifactUnreadable     whole and ours, yet it cannot be opened
"""

import traceback


class AfterwordError(Exception):
    """Base of all errors that a user can act on; the message says what to do."""


class InputError(AfterwordError):
    """A file, a row or a text cannot be read; the message says where and why."""


class OutputError(AfterwordError):
    """Results, a report or tasks cannot be written; the message says where and why, and what is kept."""


class ConfigError(AfterwordError):
    """A setting, or a combination of options, cannot work."""


class RegistryError(AfterwordError):
    """A registry does not say which model is in use, its champion cannot be used, or it cannot be read or changed."""


class ArtifactError(AfterwordError):
    """A trained model cannot be used."""


class ArtifactNotFound(ArtifactError):
    """There is no artifact at the given path."""


class ArtifactForeign(ArtifactError):
    """The folder holds something that Afterword did not save."""


class ArtifactIncomplete(ArtifactError):
    """A file of the artifact is missing or shorter than the manifest says."""


class ArtifactAltered(ArtifactError):
    """A file of the artifact differs from what was saved."""


class ArtifactMismatch(ArtifactError):
    """The artifact was made for other library versions than are installed."""


class ArtifactUnreadable(ArtifactError):
    """The artifact is whole and ours, yet it cannot be opened."""


def places(error: BaseException | None) -> list[str]:
    """Return each place that an error passed as `module:line`, where it was raised first; `unknown` where none is."""
    passed = traceback.walk_tb(error.__traceback__ if error else None)
    return [f"{frame.f_globals.get('__name__', 'unknown')}:{line}" for frame, line in passed][::-1] or ["unknown"]
