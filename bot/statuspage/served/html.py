"""The page's templates, and what every page of it needs."""

import hashlib
from functools import cache
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.domain.pages import ComponentStatus
from bot.statuspage.model import links
from bot.statuspage.model.markdown import to_html, to_text, xml_safe
from bot.statuspage.model.overall_status import overall_status
from bot.statuspage.model.site_state import SiteState, affected, worst_now
from bot.statuspage.served import formatting
from bot.statuspage.served.maintenance_times import describe_times

STATUS_COLOURS = {"o": "#1a7f37", "m": "#0550ae", "d": "#8a6100", "p": "#b35900", "x": "#c1121f"}
"""The colours of the statuses where no style sheet reaches."""

_ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
    "<circle cx='8' cy='8' r='7' fill='{}'/></svg>"
)


def render(template: str, state: SiteState, here: str, **values: object) -> bytes:
    """Return a page; `here` is the path of the place in the navigation that it belongs to."""
    tone = STATUS_COLOURS[formatting.LETTERS[overall_status(state).status]]
    text = (
        _environment()
        .get_template(template)
        .render(
            state=state,
            site=state.site,
            root=links.root(state.site),
            here=here,
            stylesheet=stylesheet_path(),
            icon="data:image/svg+xml," + quote(_ICON.format(tone), safe="/:=' "),
            operational=ComponentStatus.OPERATIONAL,
            under_maintenance=ComponentStatus.UNDER_MAINTENANCE,
            **values,
        )
    )
    return xml_safe(text).encode()


@cache
def stylesheet() -> bytes:
    """Return the style sheet, without the blanks that only its readers need."""
    text = (resources.files("bot.statuspage.served") / "static/page.css").read_text("utf-8")
    return "\n".join(filter(None, (line.strip() for line in text.splitlines()))).encode()


@cache
def stylesheet_path() -> str:
    """Return the style sheet's path, which is another one for every other content."""
    return f"/static/{hashlib.sha256(stylesheet()).hexdigest()[:12]}.css"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.statuspage.served"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "affected": affected,
        "between": formatting.between,
        "count": formatting.count,
        "label": formatting.label,
        "duration": formatting.duration,
        "letter": formatting.LETTERS.__getitem__,
        "markdown": lambda text: environment.filters["safe"](to_html(text)),
        "now": worst_now,
        "path": links.path,
        "plain": to_text,
        "times": describe_times,
        "when": formatting.when,
    }
    return environment
