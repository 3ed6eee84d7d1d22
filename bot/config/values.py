"""What a setting's value must look like, and what to write when it does not."""

import re
from datetime import time, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from bot.domain.texts.time_grammar import setting_duration, setting_time
from bot.domain.times import caveat

HIGHEST_PORT = 65535


def _pattern(pattern: str, wrong: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(wrong)
        return value

    return AfterValidator(check)


def _secret(start: str, what: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if not text.startswith(start):
            raise ValueError(f"does not start with {start}; write {what}")
        if not re.fullmatch(r"[!-~]+", text):
            raise ValueError(f"holds white space or letters that no key has; write {what}")
        return value

    return AfterValidator(check)


def _web_address(value: str) -> str:
    wrong = "is no web address; write one such as https://status.example.com"
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", value):
        raise ValueError(wrong)
    return value.rstrip("/")


def _database(value: SecretStr) -> SecretStr:
    wrong = (
        "is no database that Foghorn knows; write sqlite:///foghorn.db "
        "or postgresql://user:password@host:5432/name"
    )
    text = value.get_secret_value()
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError(wrong) from None
    is_postgres = parts.scheme in {"postgres", "postgresql"} and text.partition("://")[2]
    if not is_postgres and not re.match(r"sqlite:///.", text):
        raise ValueError(wrong)
    return value


def _port(value: object) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", str(value)) or int(str(value)) > HIGHEST_PORT:
        raise ValueError("is no port; write a number from 1 to 65535, or 0 for any free port")
    return int(str(value))


def _duration(value: object) -> timedelta:
    found = setting_duration(str(value))
    if not found:
        raise ValueError('is no duration; write a number and a unit, such as "2s", "30m" or "24h"')
    return found


def _time_of_day(value: object) -> time:
    if isinstance(value, time):
        return value
    found = setting_time(str(value))
    if found is None:
        raise ValueError('is no time of day; write hours and minutes, such as "09:00"')
    return found


def _zone(value: str) -> str:
    if caveat(value):
        raise ValueError('is no time zone; write a name such as "Europe/Berlin" or "UTC"')
    return value


def _words(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(word for part in value.split(",") if (word := part.strip()))


BOT_TOKEN = "the bot token (xoxb-…) of your Slack app's page OAuth & Permissions"  # noqa: S105
APP_TOKEN = "the app-level token (xapp-…) of your Slack app's page Basic Information"  # noqa: S105

Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
Url = Annotated[str, AfterValidator(_web_address)]
Key = Annotated[SecretStr, _secret("", "the key alone, as its page shows it")]
Channel = Annotated[
    str,
    _pattern(
        "[CGD][A-Z0-9]{2,}",
        "is no channel id; write the id at the foot of the channel's details, such as C012AB3CD",
    ),
]
Member = Annotated[
    str,
    _pattern(
        "[UW][A-Z0-9]{2,}",
        "is no member id; write the id that the member's profile copies, such as U012AB3CD",
    ),
]
Mention = Annotated[
    str,
    _pattern(
        "[SUW][A-Z0-9]{2,}",
        "is no id of a user group or member; write one such as S012AB3CD or U012AB3CD",
    ),
]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Zone = Annotated[str, AfterValidator(_zone)]
PageId = Annotated[
    str,
    _pattern(
        "[a-z]+:.+",
        "is no page; write the provider's name, a colon and the page's id: instatus:clabc123",
    ),
]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
BotToken = Annotated[SecretStr, _secret("xoxb-", BOT_TOKEN)]
AppToken = Annotated[SecretStr, _secret("xapp-", APP_TOKEN)]
Database = Annotated[SecretStr, AfterValidator(_database)]
Host = Annotated[str, _pattern(r"[\w.:%-]+", "is no host; write one such as 127.0.0.1")]
Port = Annotated[int, BeforeValidator(_port)]
LogSetting = Annotated[
    str,
    _pattern(
        "(plain|json)(:(debug|info|warning|error))?",
        "is no log setting; write plain or json, with a level if you like, such as json:warning "
        "(levels: debug, info, warning, error)",
    ),
]
