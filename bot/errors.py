"""The family of things that go wrong, sorted by what to do next.

FoghornError                 str(error) is always fit to show a person
FormError                  the person can fix it               -> beside the field
NotAllowed                 the rules forbid it                 -> private message
ProviderError              something outside answered badly
Rejected                 understood and refused              -> tell the author, keep the text, stop
Gone                   what it was about is no longer there
Deleted              the page has all else               -> it is over there, tell the author
Closed                 the place it should go to is closed to us
Unauthorized             our key is wrong                    -> tell the admins, stop
Unavailable              it certainly did nothing            -> again later
Deferred               it answered, and does nothing now   -> again later, it is not silent
Uncertain                it may have done it                 -> look, then decide
StoreUnavailable           our database failed                 -> the form stays open
"""

from collections.abc import Mapping


class FoghornError(Exception):
    """Something went wrong that a person can be told about in these words."""


class FormError(FoghornError):
    """A person's input cannot be taken as it is; `fields` names every bad one with its reason."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


class Overtaken(FormError):
    """Somebody else, named `by`, posted while the form was open: it would undo what they did."""

    def __init__(self, by: str) -> None:
        super().__init__(
            {
                "message": f"{by} posted an update meanwhile, which this would undo. "
                "Copy your text, close the form and open it again."
            }
        )
        self.by = by


class NotAllowed(FoghornError):
    """The rules forbid what this person asked for."""


class ProviderError(FoghornError):
    """A system outside answered badly or not at all.

    `retry_after` is how many seconds it asked us to wait, if it said.
    """

    def __init__(self, message: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Rejected(ProviderError):
    """It understood the request and refused it; the same request will be refused again.

    `name` is its own name for why, where it has one.
    """

    def __init__(
        self, message: str = "", retry_after: float | None = None, *, name: str = ""
    ) -> None:
        super().__init__(message, retry_after)
        self.name = name


class Gone(Rejected):
    """What the request was about is no longer there."""


class Deleted(Gone):
    """What the request was about was taken off its page, which lists everything else."""


class Closed(Rejected):
    """The place it should go to is closed to us, for whatever reason."""


class Unauthorized(ProviderError):
    """It refused our key; nothing was done and nothing will be until somebody mends the key."""


class Unavailable(ProviderError):
    """It certainly did nothing; the same request may be sent again later."""


class Deferred(Unavailable):
    """It answered that it does nothing for us now: too many requests, or a token it refuses."""


class Uncertain(ProviderError):
    """It may or may not have done it; look before sending the same request again."""


class StoreUnavailable(FoghornError):
    """Our own database did not take or give what was asked; nothing was kept of this attempt."""
