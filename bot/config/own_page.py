"""The tables of `foghorn.toml` that describe the page which Foghorn serves itself."""

from collections import Counter
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, field_validator

from bot.domain.texts.comparison import composed


def _name(value: str) -> str:
    if not (name := composed(" ".join(value.split()))):
        raise ValueError("is empty; write a name")
    return name


def _component(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Name = Annotated[str, AfterValidator(_name)]


class OwnComponent(BaseModel):
    """A component: a name alone, or a table when there is more to say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    description: str | None = None
    """A few words beside it; without them, those given by command stay."""


Components = tuple[Annotated[OwnComponent, BeforeValidator(_component)], ...]


class OwnGroup(BaseModel):
    """Components that are shown together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    components: Components

    @field_validator("components")
    @classmethod
    def _each_once(cls, value: Components) -> Components:
        if not value:
            raise ValueError("is empty; name the group's components, or leave the group out")
        return _once(value, "component")


T = TypeVar("T", OwnComponent, OwnGroup)


class OwnPage(BaseModel):
    """The page that Foghorn serves itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool | None = None
    """None: only where no vendor's key is set."""
    name: Name | None = None
    groups: tuple[OwnGroup, ...] = ()
    components: Components = ()
    """Those without a group, which stand first."""

    @field_validator("components")
    @classmethod
    def _each_once(cls, value: Components) -> Components:
        return _once(value, "component")

    @field_validator("groups")
    @classmethod
    def _each_group_once(cls, value: tuple[OwnGroup, ...]) -> tuple[OwnGroup, ...]:
        return _once(value, "group")


def _once(value: tuple[T, ...], what: str) -> tuple[T, ...]:
    twice = [name for name, times in Counter(each.name for each in value).items() if times > 1]
    if twice:
        raise ValueError(f"names the {what} {twice[0]} twice; give each its own name")
    return value
