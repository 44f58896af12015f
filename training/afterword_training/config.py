"""The training configuration: one TOML file that holds every number of a run."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from afterword_model.errors import ConfigError


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


PARTS = ("train", "validation", "test")
"""The parts of a corpus, in the order of every table."""


class Split(_Table):
    """Whole authors held out; all others are for training."""

    validation: tuple[str, ...] = Field(min_length=1)
    test: tuple[str, ...] = Field(min_length=1)


def part_of(author: str, split: Split) -> str:
    """Return the name of the part that an author's notes belong to."""
    if author in split.validation:
        return "validation"
    return "test" if author in split.test else "train"


class Baseline(_Table):
    """TF-IDF and logistic regression."""

    min_df: int = Field(ge=1)
    word_ngrams: int = Field(ge=1)
    char_ngrams: int = Field(ge=2)
    c: float = Field(gt=0)
    """Inverse strength of the L2 penalty."""


class Augment(_Table):
    """How often each change is made to a training note: probabilities per note and epoch."""

    surround: float = Field(ge=0, le=1)
    """Plain prose is put before it, after it, or on both sides, some of it cut off in mid-sentence, as in a passage."""
    crop: float = Field(ge=0, le=1)
    """Of notes that are surrounded, only the sentences of a reflection's next steps stay, or one of a plain note, with
    at most one more on each side."""
    noise: float = Field(ge=0, le=1)
    """Typing slips, lost case or lost punctuation."""


class Teacher(_Table):
    """A larger encoder, from which the fine-tuned one learns beside the labels; other settings are the latter's."""

    base: str
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=2)
    learning_rate: float = Field(gt=0)
    frozen_layers: int = Field(default=0, ge=0)


class Encoder(_Table):
    """A fine-tuned sentence encoder."""

    base: str
    members: int = Field(default=1, ge=1)
    """Trainings from the same start, each with the notes in another order, whose weights are averaged; a team's
    retraining is one alone."""
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=2)
    learning_rate: float = Field(gt=0)
    head_learning_rate: float = Field(gt=0)
    weight_decay: float = Field(ge=0)
    warmup: float = Field(ge=0, lt=1)
    """Share of the steps over which the learning rate rises from 0; it then falls linearly to 0."""
    max_tokens: int = Field(ge=16, le=512)
    """Length of a window; a longer note is cut there in training, and read in passages in use."""
    passage_tokens: int = Field(ge=16, le=512)
    """Length of those passages."""
    dropout: float = Field(ge=0, lt=1)
    """Before the label head."""
    frozen_layers: int = Field(default=0, ge=0)
    """So many of the lowest layers, and the embeddings, keep their published weights: less to compute."""
    label_smoothing: float = Field(ge=0, lt=1)
    marker_weight: float = Field(ge=0)
    """Weight of the token-tagging loss, summed over the kinds, beside the label loss."""
    marker_positive_weight: float = Field(gt=0)
    """How much more a marked token weighs than an unmarked one."""
    contrast_weight: float = Field(ge=0)
    """Weight of the supervised contrastive loss (Khosla et al. 2020)."""
    distill_weight: float = Field(ge=0, le=1)
    """Share of the label loss that is the teacher's; 0 makes none."""
    distill_temperature: float = Field(gt=0)
    average_last: float = Field(ge=0, lt=1)
    """Weights are averaged over this last share of the steps; 0 keeps the last weights."""
    teacher: Teacher | None = None
    augment: Augment


class GateRules(_Table):
    """What a challenger has to show before it may take the champion's place; shares are of 1."""

    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    """Chance that each statement is wrong: of a gain shown where there is none, of a limit missed to one side."""
    power: float = Field(default=0.8, gt=0.5, lt=1)
    """Probability with which a gain is found that counts as one that could have been seen."""
    worthwhile_gain: float = Field(default=0.05, gt=0, lt=1)
    """Gain in accuracy that is worth a change; where it can be ruled out, more notes are not asked for."""
    loss_margin: float = Field(default=0.03, ge=0, lt=1)
    """Loss in accuracy that is tolerated on the shipped test notes; a greater one has to be ruled out."""
    min_notes: int = Field(default=50, ge=1)
    """Team notes below which no challenger is promoted."""
    min_groups: int = Field(default=6, ge=2)
    """Groups from which on whole groups are resampled, and the verdict holds for others than these."""
    min_slice_notes: int = Field(default=20, ge=1)
    """Notes below which a slice is not judged."""
    ece_tolerance: float = Field(default=0.01, ge=0)
    """Rise of the expected calibration error that is tolerated."""
    brier_tolerance: float = Field(default=0.03, ge=0)
    """Rise of the Brier score that is tolerated; it counts wrong answers too, hence more than of the ECE."""
    min_speed: float = Field(default=0.8, gt=0)
    """Speed, as a multiple of the champion's, below which the challenger is too slow."""
    max_size: float = Field(default=1.25, gt=0)
    """Size, as a multiple of the champion's, above which the challenger is too large."""
    resamples: int = Field(default=1000, ge=200)
    """Resamples of the bootstrap."""


class Retrain(_Table):
    """How a challenger is made from a team's own notes, beside the corpus."""

    labels: dict[str, str] = {}
    """What the team's own names of labels mean: one of ours, or `skip`."""
    team_weight: float = Field(default=3.0, gt=0)
    """How much a note of the team weighs beside one of the corpus."""
    corpus_share: float = Field(default=0.1, gt=0, le=1)
    """Share of the corpus's training notes that is learned again, lest it be forgotten (base: all are)."""
    gate_folds: int = Field(default=5, ge=2)
    """Folds of the team's groups by which held-out answers for the gate are made: so many more trainings."""
    folds: int = Field(default=5, ge=2)
    """light: folds of the team's groups, by which the strength is chosen and the temperature set."""
    strengths: tuple[float, ...] = Field(default=(0.001, 0.01, 0.1, 1.0), min_length=1)
    """light: how strongly the label head may be held to the champion's; the one with the least log loss is taken."""
    calibration_share: float = Field(default=0.2, ge=0, lt=1)
    """champion, base: share of the team's groups that is not learned from, and sets the temperature."""
    epochs: int = Field(default=3, ge=1)
    """champion: passes over the notes; base takes those of the encoder."""
    learning_rate: float = Field(default=3e-5, gt=0)
    """champion: of the encoder."""
    head_learning_rate: float = Field(default=3e-4, gt=0)
    """champion: of the two heads."""
    checkpoint_steps: int = Field(default=50, ge=1)
    """champion, base: steps after which weights are put by, so that an interrupted training goes on there."""


class Config(_Table):
    """One training run."""

    name: str
    version: str
    seed: int
    sure_accuracy: float = Field(gt=0, lt=1)
    """`sure` predictions are to be right this often; the threshold is chosen for it on validation."""
    sure_level: float = Field(default=0.95, gt=0, lt=1)
    """How certain that is to be, by the number of validation notes."""
    bootstrap: int = Field(ge=1)
    """Resamples behind each interval."""
    split: Split
    baseline: Baseline
    encoder: Encoder | None = None
    """The encoder to fine-tune; without it the baseline is the model."""
    gate: GateRules = GateRules()
    """What a retrained model has to show."""
    retrain: Retrain = Retrain()
    """How it is made."""


def baseline_of(config: Config) -> Config:
    """Return the configuration of the baseline alone: the same splits and seed, no encoder."""
    return config.model_copy(update={"name": "afterword-baseline", "encoder": None})


def load_config(path: Path) -> Config:
    """Return the configuration in `path`.

    Raises:
        ConfigError: the file is missing, is no TOML, or a value does not fit; the message names it.
    """
    try:
        return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as err:
        raise ConfigError(f"There is no configuration to read at {path} ({type(err).__name__}).") from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path} is not a TOML file: {err}.") from err
    except ValidationError as err:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in err.errors())
        raise ConfigError(f"{path} does not fit: {problems}.") from err
