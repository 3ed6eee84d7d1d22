"""What all answers of providers have in common when they are read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    TypeAdapter,
    model_validator,
)

from bot.providers.times import in_utc

SILENT = ConfigDict(hide_input_in_errors=True)
"""For what is read without being an `Answer` itself: its errors do not repeat the input."""


class Answer(BaseModel):
    """Part of a provider's answer: only the fields named here are kept, null counts as absent.

    Whatever else an answer holds may be private (Instatus sends subscribers' addresses and tokens
    along), so neither the model nor its errors ever repeat the input.
    """

    model_config = ConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: object) -> object:
        if isinstance(data, dict):
            return {key: _storable(value) for key, value in data.items() if value is not None}
        return data


class RefAnswer(Answer):
    """Something with an id, of which nothing else may matter."""

    id: str


REF = TypeAdapter(RefAnswer)


def _storable(value: object) -> object:
    """Return a text without NUL, which PostgreSQL does not take; anything else as it is."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _in_one_language(text: object) -> object:
    if isinstance(text, Mapping):
        texts = [text.get("default"), text.get("en"), *text.values()]
        return _storable(next((each for each in texts if isinstance(each, str)), ""))
    return text


Instant = Annotated[datetime, AfterValidator(in_utc)]
"""An aware instant in UTC; zone-less text is taken as UTC."""

Text = Annotated[str, BeforeValidator(_in_one_language)]
"""A text, also where a provider answers all its translations (seen of Instatus's page names)."""
