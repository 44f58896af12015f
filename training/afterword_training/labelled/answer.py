"""What labelled files say, from an annotator's answer to the note that all agreed on."""

from dataclasses import dataclass
from typing import Self

from afterword_model.errors import AfterwordError
from afterword_model.labels import Label


@dataclass(frozen=True)
class SetAside:
    """Something read and not used; `where` is `FILE:ROW` or `FILE`, and `reason` never holds a note's text."""

    where: str
    reason: str

    @classmethod
    def of_file(cls, name: str, err: AfterwordError) -> Self:
        """Return word of a whole file for what an error says of it."""
        return cls(name, str(err).removeprefix(name).strip(" .:"))

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}."


@dataclass(frozen=True)
class Answer:
    """What one annotator answered about one text, in the words of the file."""

    where: str
    """`FILE:ROW`."""
    text: str
    annotator: str
    names: tuple[str, ...] = ()
    """The labels chosen, as the file names them; none where the answer holds no label."""
    why_none: str = "it has no label"
    """Why there are no names."""
    id: str | None = None
    """What the file calls the note."""
    group: str | None = None
    """Author, client or series that the note belongs to, where the file tells."""
    at: float | None = None
    """When it was given, in seconds since 1970."""
    question: str = ""
    """What was asked, where a tool asks about one text more than once; answers to one question replace each other."""
    final: bool = False
    """Whether it settles the note, whatever others answered."""

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.where.rpartition(":")[0]


@dataclass(frozen=True)
class Vote:
    """One annotator's label for one note; `key` is the note's id, `group` what files tell or else call it."""

    where: str
    key: str
    text: str
    label: Label
    annotator: str
    group: str | None = None
    final: bool = False


@dataclass(frozen=True)
class LabelledNote:
    """A note with the label its annotators agreed on; `votes` counts those annotators, whatever they said."""

    id: str
    """Unlike that of any other note."""
    where: str
    """`FILE:ROW` of its first answer."""
    text: str
    label: Label
    group: str
    """Notes of one group are never parted by a split; a note without a group of its own bears its id."""
    votes: int
    known: bool = False
    """Whether the model in use, or the corpus, has it or a copy: it is learned from again, and never judged on."""
