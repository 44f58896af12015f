"""Settings of the HTTP service: environment variables named `AFTERWORD_…`, over which flags win."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from afterword_model.errors import ConfigError
from afterword_serving.security import ApiKey, parse_keys

PREFIX = "AFTERWORD_"


class Settings(BaseSettings):
    """Everything that can be set about the service; each field's description is its documentation."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str = Field("127.0.0.1", description="Address to listen on. Any but a loopback address needs API keys.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    model: Path | None = Field(None, description="Folder of the model to use, in place of the one that is shipped.")
    registry: Path | None = Field(
        None, description="Folder of a registry: its champion answers, and a new one takes over while it runs."
    )
    registry_seconds: float = Field(5, gt=0, description="How often the registry is asked for a new champion.")
    workers: int = Field(1, ge=1, le=64, description="Processes; each holds a model of its own.")
    reports: bool = Field(True, description="Whether POST /report, and the page, take journal files.")
    docs: bool = Field(True, description="Whether /docs and /openapi.json are served.")
    page: bool = Field(True, description="Whether the page at / is served.")
    api_keys: Annotated[tuple[ApiKey, ...], NoDecode] = Field(
        (), description="Accepted keys, as NAME:SHA256 parted by commas; `afterword serve --new-key NAME` makes one."
    )
    requests_per_minute: int = Field(1200, ge=0, description="Requests a minute for each key, in each process; 0: any.")
    max_body_bytes: int = Field(1_000_000, ge=1_000, description="Longest request body.")
    max_notes: int = Field(256, ge=1, description="Most notes in one request.")
    max_characters: int = Field(50_000, ge=1, description="Longest note.")
    body_seconds: float = Field(20, gt=0, description="Time a client has to send a request's head, and again its body.")
    max_file_bytes: int = Field(50_000_000, ge=1_000, description="Longest file for a report.")
    max_unpacked_bytes: int = Field(100_000_000, ge=1_000, description="Most bytes that such a file unpacks to.")
    max_entries: int = Field(10_000, ge=1, description="Most entries in such a file.")
    report_seconds: float = Field(300, gt=0, description="Time to send a file, and again to make its report.")
    reports_at_once: int = Field(2, ge=1, le=16, description="Reports made at the same time; past it, 503.")
    batch_notes: int = Field(32, ge=1, description="Most notes given to the model at once.")
    batch_wait_ms: float = Field(3, ge=0, le=1_000, description="How long a batch waits for more notes.")
    queue_notes: int = Field(1024, ge=1, description="Most notes that wait for the model; past it, 503.")
    queue_characters: int = Field(
        2_000_000, ge=1, description="Most characters of these notes; past it, 503, unless none wait."
    )
    shutdown_seconds: int = Field(30, ge=1, description="Time to finish accepted requests once asked to stop.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")

    @classmethod
    def read(cls, **flags: Any) -> Self:  # noqa: ANN401  # pydantic checks them
        """Return the settings of the environment, with `flags` that are not None in their place.

        Raises:
            ConfigError: a value cannot be used; the message names the variable, never the value.
        """
        try:
            return cls(**{name: value for name, value in flags.items() if value is not None})
        except ValidationError as err:
            wrong = "; ".join(f"{_name(problem['loc'])}: {problem['msg']}" for problem in err.errors())
            raise ConfigError(f"Settings cannot be used. {wrong}.") from err

    @field_validator("api_keys", mode="before")
    @classmethod
    def _read_keys(cls, value: object) -> object:
        return parse_keys(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_model(self) -> Self:
        if self.model and self.registry:
            raise ValueError(f"{PREFIX}MODEL and {PREFIX}REGISTRY both say which model to use; leave one out")
        return self

    @model_validator(mode="after")
    def _queue_holds_a_request(self) -> Self:
        if self.queue_notes < self.max_notes:
            raise ValueError(f"{PREFIX}QUEUE_NOTES is less than {PREFIX}MAX_NOTES; a full request could never be taken")
        return self


def _name(location: tuple[int | str, ...]) -> str:
    return f"{PREFIX}{str(location[0]).upper()}" if location else "together"
