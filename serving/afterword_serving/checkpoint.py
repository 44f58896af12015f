"""How far a run has come, so that an interrupted one can go on."""

from pydantic import BaseModel, ConfigDict

NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""SHA-256 of no bytes."""


class Identity(BaseModel):
    """What must be the same for a run to go on where another stopped."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    afterword: str
    inputs: str
    """SHA-256 of the names and sizes of all input files."""
    model: str
    options: str

    def differences(self, other: "Identity") -> list[str]:
        """Return which parts differ, in words."""
        words = {
            "afterword": "the version of Afterword",
            "inputs": "the input",
            "model": "the model",
            "options": "the options",
        }
        return [word for part, word in words.items() if getattr(self, part) != getattr(other, part)]


class Checkpoint(BaseModel):
    """After `entries` entries, `rows` rows are out; the digests say which entries and which bytes those were."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: int = 0
    entries_sha256: str = NOTHING
    rows: int = 0
    bytes: int = 0
    rows_sha256: str = NOTHING
    labels: dict[str, int] = {}
    sure: int = 0
    not_classified: tuple[str, ...] = ()
    """Where entries were found that the model failed on."""


class Progress(BaseModel):
    """A checkpoint, and the run that it belongs to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    identity: Identity
    reached: Checkpoint
