"""The model that answers now, and how the service takes up a new champion of its registry while it runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Self

from afterword_model import Classifier, Prediction
from afterword_model.errors import AfterwordError, ConfigError, places
from afterword_model.manifest import Manifest
from afterword_model.registry import Registry
from afterword_serving.metrics import Metrics
from afterword_serving.settings import Settings

_WARM_UP: Final = ("Next week I will ask her first and wait for the answer.",)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Model:
    """A classifier in use; whoever answers with it names this manifest."""

    manifest: Manifest
    predict: Callable[[list[str]], Sequence[Prediction]]
    version: str | None = None
    """Its name in the registry; None where it is of none."""

    @classmethod
    def of(cls, classifier: Classifier, version: str | None = None) -> Self:
        """Return the model of a classifier that was saved.

        Raises:
            ConfigError: it has no manifest.
        """
        if classifier.manifest is None:
            raise ConfigError("The classifier has no manifest; save it, or load it from an artifact.")
        return cls(classifier.manifest, classifier.predict, version)

    def warm_up(self) -> Self:
        """Read a note, as the first one would wait for word lists and caches otherwise; return the model."""
        self.predict(list(_WARM_UP))
        return self

    def __str__(self) -> str:
        return self.manifest.title


def load_model(settings: Settings) -> Model:
    """Return the champion of the registry that the settings name; without one the model they name, or the shipped one.

    Raises:
        RegistryError: there is no such registry, or its champion cannot be used.
        ArtifactError: the model cannot be used.
    """
    if settings.registry is None:
        return Model.of(Classifier.load(settings.model))
    version, classifier = Registry.open(settings.registry).load_champion()
    return Model.of(classifier, version)


class Champion:
    """Holds the model that answers: one reference, which is replaced whole while notes are on their way.

    A request takes the model once and keeps it, so that one model answers all its notes and is the one it names.
    """

    def __init__(self, model: Model, settings: Settings, metrics: Metrics) -> None:
        self.model = model
        self._registry = Registry(settings.registry) if settings.registry else None
        self._seconds = settings.registry_seconds
        self._metrics = metrics
        self._problem = ""
        metrics.tell_model(model.manifest)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look for a new champion every few seconds until the context ends; without a registry, never."""
        watching = (
            asyncio.create_task(self._watch(self._registry), name="afterword-champion") if self._registry else None
        )
        try:
            yield
        finally:
            if watching:
                watching.cancel()
                await asyncio.wait([watching])

    async def _watch(self, registry: Registry) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            try:
                model = await asyncio.to_thread(self._newer, registry)
            except AfterwordError as err:
                self._keep(str(err))
            except Exception as err:  # what a damaged model raises is not known; the one in use must live on
                self._keep(f"{type(err).__name__} at {places(err)[0]}.")
            else:
                self._replace(model)

    def _newer(self, registry: Registry) -> Model:
        """Return the registry's champion, read and warmed up, or the model in use where that is it; takes a while."""
        if registry.pointer().champion == self.model.version:
            return self.model
        version, classifier = registry.load_champion()
        return Model.of(classifier, version).warm_up()

    def _replace(self, model: Model) -> None:
        self._metrics.tell_registry(works=True)
        self._problem = ""
        if model is not self.model:
            _log.info("%s took the place of %s", model, self.model)
            self._metrics.tell_model(model.manifest, instead_of=self.model.manifest)
            self.model = model

    def _keep(self, problem: str) -> None:
        """Go on with the model in use; a problem is told once, for as long as it stays the same."""
        self._metrics.tell_registry(works=False)
        if problem != self._problem:
            _log.error("%s stays in use: %s", self.model, problem)
        self._problem = problem
