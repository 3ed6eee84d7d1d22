"""What somebody slips into a name or a message does nothing, wherever it is shown."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache

import html5lib
import pytest
from icalendar import Calendar

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.model.markdown import to_html, to_text
from bot.statuspage.model.site import MaintenanceUpdateRecord, Site, UpdateRecord
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.served.catalogue import HTML, catalogue
from tests.statuspage.sites import NOW, URL, component_record, incident, maintenance, site

CORPUS = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<!-- --!> <script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java\tscript:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "[click](vbscript:msgbox(1))",
    "[click](//evil.example/x)",
    "[click](/admin)",
    "![pixel](https://evil.example/pixel.png)",
    "<https://evil.example/'onmouseover='alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "# A heading\n\nand\n===",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Injected",
    "a\nATTENDEE:mailto:evil@evil.example",
    "semi;colon, comma \\ backslash",
    "control \x00\x01\x08\x0b\x1f\x7f \ufffe \u2028 characters",
    "right-to-left \u202e txt.exe",
    "lone \ud800 surrogate",
    "x" * 5000,
]
TAGS = {"script", "style", "iframe", "img", "object", "embed", "form", "base", "link", "meta"}
XHTML = "{http://www.w3.org/1999/xhtml}"


def slipped_in(text: str) -> Site:
    first = incident(name=text)
    update = UpdateRecord("u1", IncidentStatus.IDENTIFIED, text, NOW, first.impacts)
    note = MaintenanceUpdateRecord("n1", MaintenanceStatus.SCHEDULED, text, NOW)
    return replace(
        site(component_record(name=text, id="api", description=text)),
        name=text,
        incidents=(replace(first, updates=(update,)),),
        maintenances=(maintenance(name=text, updates=(note,)),),
    )


@cache
def served(text: str) -> dict[str, tuple[str, bytes]]:
    state = compute_state(slipped_in(text), NOW)
    return {path: (item.media, item.make(state)) for path, item in catalogue(state).items()}


@pytest.mark.parametrize("text", CORPUS)
def test_pages_show_it_and_do_nothing(text: str) -> None:
    own = served("harmless")
    for path, (media, body) in served(text).items():
        if media != HTML:
            continue
        page = html5lib.parse(body, transport_encoding="utf-8")
        calm = html5lib.parse(own[path][1], transport_encoding="utf-8")
        assert counted(page) == counted(calm)
        for element in page.iter():
            assert not any(name.startswith("on") or name == "style" for name in element.attrib)
            target = element.get("href", "")
            assert (
                target.startswith(("/", "#", "data:image/svg", URL, "https://evil.example/"))
                or not target
            )
            if target.startswith("https://evil.example/"):
                assert element.tag == XHTML + "a"
                assert element.get("rel") == "nofollow noopener noreferrer"


def counted(page: ET.Element) -> dict[str, int]:
    return {tag: len(list(page.iter(XHTML + tag))) for tag in TAGS}


@pytest.mark.parametrize("text", CORPUS)
def test_feeds_stay_whole_and_their_html_harmless(text: str) -> None:
    made = served(text)
    for path in ("/feed.rss", "/feed.atom"):
        feed = ET.fromstring(made[path][1])  # noqa: S314 -- our own
        bodies = [
            one.text or ""
            for one in feed.iter()
            if one.tag.endswith(("}content", "item/description"))
        ]
        for body in [*bodies, *(item.findtext("description", "") for item in feed.iter("item"))]:
            inside = html5lib.parseFragment(body)
            assert not any(one.tag.removeprefix(XHTML) in TAGS for one in inside.iter())


@pytest.mark.parametrize("text", CORPUS)
def test_data_holds_it_as_text(text: str) -> None:
    for media, body in served(text).values():
        if media.startswith("application/json"):
            assert json.loads(body)


@pytest.mark.parametrize("text", CORPUS)
def test_the_calendar_holds_one_event_with_the_whole_text(text: str) -> None:
    [calendar] = Calendar.from_ical(served(text)["/calendar.ics"][1], multiple=True)
    [event] = calendar.walk("VEVENT")
    assert set(event) == {
        "UID",
        "DTSTAMP",
        "LAST-MODIFIED",
        "SEQUENCE",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "STATUS",
        "TRANSP",
        "URL",
        "CATEGORIES",
    }


@pytest.mark.parametrize("text", CORPUS)
def test_the_badge_says_nothing_that_people_wrote(text: str) -> None:
    assert served(text)["/badge.svg"] == served("harmless")["/badge.svg"]


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (
            "**bold** and _soft_ `code`",
            "<p><strong>bold</strong> and <em>soft</em> <code>code</code></p>",
        ),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        (
            "[a](https://a.example/?b&c)",
            '<p><a href="https://a.example/?b&amp;c" rel="nofollow noopener noreferrer">a</a></p>',
        ),
        ("<b>no</b>", "<p>&lt;b&gt;no&lt;/b&gt;</p>"),
        ("# no", "<p><strong>no</strong></p>"),
        ("[a](//a.example)", '<p><a rel="nofollow noopener noreferrer">a</a></p>'),
    ],
)
def test_simple_marks_are_kept(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


def test_marks_are_left_out_of_plain_text() -> None:
    assert to_text("**a** & [b](https://b.example)\n\n- c") == "a & b\n\nc"
