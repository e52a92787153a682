"""Settings of every process of the service."""

from enum import StrEnum

from pydantic import BaseModel


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"

    @classmethod
    def _missing_(cls, value: object) -> "LogLevel | None":
        """Take `INFO` too, as `logging` writes it."""
        return next((level for level in cls if isinstance(value, str) and value.lower() == level), None)


class LogFormat(StrEnum):
    JSON = "json"
    CONSOLE = "console"


class ProcessSettings(BaseModel):
    """Unless it is told otherwise a process takes itself to be in production."""

    environment: Environment = Environment.PRODUCTION
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.JSON

    @property
    def in_production(self) -> bool:
        return self.environment is Environment.PRODUCTION
