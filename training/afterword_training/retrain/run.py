"""One retraining, from labelled files to a challenger in the registry and a verdict on it."""

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from datasets import concatenate_datasets
from filelock import FileLock, Timeout

from afterword_model.errors import InputError, RegistryError
from afterword_model.registry import Registry
from afterword_training.config import Config
from afterword_training.corpus import corpus_sha256, load_corpus
from afterword_training.gate import Costs, Decision, Verdict, judge, verdict_report
from afterword_training.labelled import Labelled, LabelledNote, read_labelled
from afterword_training.metrics import Scored, threshold_for
from afterword_training.quality import QualityReport, check_quality, joined_groups, quality_markdown
from afterword_training.quality.findings import IDS, Kind
from afterword_training.registry import add, promote, reserve
from afterword_training.retrain.contests import cost, shipped_contest, speeds, team_contest
from afterword_training.retrain.held_out import classifier_of, held_out, make
from afterword_training.retrain.learned import (
    LEARNED,
    Learned,
    check_known,
    learned_otherwise,
    load_learned,
    mark_known,
)
from afterword_training.retrain.publication import draft, publish_challenger
from afterword_training.retrain.request import Request
from afterword_training.retrain.team_figures import least_sure
from afterword_training.train import split_corpus
from afterword_training.unwritten import telling_what_cannot_be_written

log = logging.getLogger(__name__)

VERDICT = "verdict"
QUALITY = "quality"
"""Stems of the files, `.md` and `.json`, that lie beside a challenger in the registry."""


LEAST = 30
"""Usable notes below which nothing is trained."""
_ON = ": it goes on from what was done"


@dataclass(frozen=True)
class Outcome:
    """What came of a retraining."""

    version: str
    """The challenger's name in the registry."""
    champion: str
    """The model it was judged against."""
    verdict: Verdict
    promoted: bool


def retrain(request: Request) -> Outcome:
    """Make a challenger from the request's files, judge it, put it into the registry, and promote it where asked for.

    Asked for the same again after an interruption, it goes on from what was done. Messages go to the log: what was set
    aside, the quality report, never a text.

    Raises:
        AfterwordError: as reading, refitting and the registry do, and where the registry's folder cannot be written.
            Nothing is in the registry then that was not before.
    """
    registry = Registry(request.registry)
    champion_name, champion = registry.load_champion()
    assert champion.manifest is not None  # as it was loaded
    at_hand = corpus_sha256(request.notes)
    learned = load_learned(registry.artifact(champion_name), champion.manifest, at_hand)
    doubt = learned_otherwise(learned, champion.manifest, request.config, at_hand)
    corpus = split_corpus(load_corpus(request.notes), request.config.split)
    labelled = read_labelled(request.files, request.options)
    tell(labelled)
    quality = check_quality(
        labelled.notes,
        classifier=champion,
        evaluation=concatenate_datasets([corpus.validation, corpus.test]),
        training=corpus.train,
        seed=request.config.seed,
    )
    log.info("%s\n", quality_markdown(quality))
    in_corpus = {finding.id for kind in (Kind.IN_CORPUS, Kind.CORPUS_CONFLICT) for finding in quality.of(kind)}
    notes = mark_known(usable(labelled, quality, accept=request.accept_labels), learned, in_corpus)
    check_known(notes, learned, champion_name, request.registry)
    if doubt:
        log.warning(
            "%s was trained %s: if it learned from the corpus's validation or test authors, the verdict on the shipped "
            "test notes says little, and a model made from it is too sure of itself.",
            *(champion_name, doubt),
        )
    identity = request.identity(notes, champion.manifest.model_sha256)
    with telling_what_cannot_be_written(request.registry, then=_ON), _alone(request, identity) as work:
        answers = held_out(notes, corpus, champion, request, work)
        challenger = make(notes, corpus, champion, request, work)
        threshold = _sure_from(challenger.calibration, len(corpus.validation), request.config)
        classifier = classifier_of(challenger, champion, threshold=threshold)
        folder = work / "model"
        config = request.config.model_copy(
            update={"name": request.name, "version": reserve(request.registry, request.name)}
        )
        manifest = classifier.manifest = draft(classifier, challenger, config, request.notes, folder)
        before, after = speeds(list(corpus.test["text"]), champion, classifier)
        verdict = judge(
            [
                team_contest(notes, champion, answers),
                shipped_contest(corpus.test, champion, classifier),
            ],
            costs=Costs(cost(champion, before), cost(classifier, after)),
            rules=config.gate,
            seed=config.seed,
        )
        papers = _papers(VERDICT, verdict_report(verdict), verdict.model_dump_json(indent=1))
        papers |= _papers(QUALITY, quality_markdown(quality), quality.model_dump_json(indent=1, exclude=IDS))
        papers[LEARNED] = _learned(notes, learned, request, doubt).model_dump_json(indent=1) + "\n"
        publish_challenger(
            classifier,
            manifest,
            notes,
            answers,
            corpus,
            config,
            papers,
            made=f"{request.mode}, from {champion_name}",
            before=registry.artifact(champion_name),
            unseen=doubt is None,
            folder=folder,
        )
        version = add(request.registry, folder)
        shutil.rmtree(work, ignore_errors=True)
    better = verdict.decision is Decision.PROMOTE
    promoted = request.promote_if_better and better and _promote(request.registry, version, over=champion_name)
    return Outcome(version, champion_name, verdict, promoted)


def tell(labelled: Labelled) -> None:
    """Log what was read and what was set aside, row by row."""
    for name, kind in labelled.formats:
        log.info("%s: read as %s", name, kind)
    for notice in labelled.notices:
        log.info("%s", notice)
    for item in labelled.set_aside:
        log.info("set aside: %s", item)
    log.info("%d labelled notes; %d rows set aside", len(labelled.notes), len(labelled.set_aside))
    if labelled.agreement is not None:
        log.info("%s", labelled.agreement)


def usable(labelled: Labelled, quality: QualityReport, *, accept: bool) -> list[LabelledNote]:
    """Return the notes to learn from, copies in one group; those refused by the quality report are left out.

    Raises:
        InputError: too few notes are left, or the labels as a whole look wrong, and that is not accepted.
    """
    if quality.poisoned and not accept:
        raise InputError(
            "The labels do not go with the texts (see the quality report above). Nothing was trained, and nothing was "
            "changed. Look whether labels were swapped or rows shifted; to train all the same, add --accept-labels."
        )
    left_out = quality.refused | {finding.id for finding in quality.of(Kind.NO_WORDS)}
    notes = [note for note in labelled.notes if note.id not in left_out]
    if len(notes) < LEAST:
        raise InputError(
            f"{len(notes)} usable labelled notes are too few to learn from and to judge on; give at least {LEAST}, "
            "better a few hundred. What was set aside is listed above."
        )
    return [replace(note, group=group) for note, group in zip(notes, joined_groups(notes), strict=True)]


def _sure_from(calibration: Scored, validated: int, config: Config) -> float:
    """Return the threshold for `sure`: of all calibrating notes, or the team's, those after `validated`, if higher."""
    own = calibration.take(np.arange(validated, len(calibration.truth)))
    return max(
        threshold_for(calibration, config.sure_accuracy, level=config.sure_level),
        least_sure(own, config.sure_accuracy, level=config.sure_level),
    )


def _learned(notes: Sequence[LabelledNote], before: Learned, request: Request, doubt: str | None) -> Learned:
    """Return what the challenger has learned from; one made from the base encoder has nothing from the champion.

    `doubt` tells why the champion may know the authors that are held out.
    """
    if request.mode == "base":
        before, doubt = Learned(), None
    return before.and_from([note.text for note in notes], None if doubt else request.config.split)


@contextmanager
def _alone(request: Request, identity: str) -> Iterator[Path]:
    """Yield the folder of this retraining, in which no second one of the same works meanwhile."""
    work = request.work / identity[:16]
    request.work.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(work.with_suffix(".lock"), timeout=0).acquire()
    except Timeout as err:
        raise RegistryError("The same retraining is running already. Wait for it to end.") from err
    with lock:
        work.mkdir(exist_ok=True)
        yield work


def _promote(registry: Path, version: str, *, over: str) -> bool:
    """Promote a model that was judged better than `over`, and return whether: not if another is in use by now."""
    if (now := promote(registry, version, over=over).after) != version:
        log.warning(
            "%s is in use by now, while %s was judged against %s; so it was not promoted. Run the same command again "
            "to judge against %s.",
            *(now, version, over, now),
        )
        return False
    return True


def _papers(stem: str, words: str, record: str) -> dict[str, str]:
    return {f"{stem}.md": words + "\n", f"{stem}.json": record + "\n"}
