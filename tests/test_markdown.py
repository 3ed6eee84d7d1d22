import pytest

from bot.markdown import rare_elements
from bot.slack.mrkdwn import from_markdown
from bot.statuspage.model.markdown import to_html

REL = 'rel="nofollow noopener noreferrer"'
ADDRESS = "https://x.example/a_b?c=1"


def anchor(address: str, label: str = "") -> str:
    return f'<a href="{address}" {REL}>{label or address}</a>'


@pytest.mark.parametrize(
    ("text", "slack", "page"),
    [
        ("# What *we* know", "*What _we_ know*", "<p><strong>What <em>we</em> know</strong></p>"),
        ("Over\n===", "*Over*", "<p><strong>Over</strong></p>"),
        ("~~gone~~", "~gone~", "<p><s>gone</s></p>"),
        ("> said", "&gt; said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("one\ntwo", "one\ntwo", "<p>one<br>\ntwo</p>"),
        ("---", "———", "<hr>"),
        ("[x]: https://x.example", "[x]: <https://x.example|https://x.example>", None),
        (f"See {ADDRESS}.", f"See <{ADDRESS}|{ADDRESS}>.", f"<p>See {anchor(ADDRESS)}.</p>"),
        (
            "(https://x.example/(b)) **https://y.a**",
            "(<https://x.example/(b)|https://x.example/(b)>) *<https://y.a|https://y.a>*",
            f"<p>({anchor('https://x.example/(b)')}) <strong>{anchor('https://y.a')}</strong></p>",
        ),
        (
            "[https://a.example](https://b.example)",
            "<https://b.example|https://a.example>",
            f"<p>{anchor('https://b.example', 'https://a.example')}</p>",
        ),
        ("`https://x.example`", "`https://x.example`", "<p><code>https://x.example</code></p>"),
        (
            "![graph](https://x.example/g.png)",
            "<https://x.example/g.png|graph>",
            f"<p>{anchor('https://x.example/g.png', 'graph')}</p>",
        ),
        (r"\*not bold\* https://", "*not bold* https://", "<p>*not bold* https://</p>"),
    ],
)
def test_slack_and_our_page_read_one_markdown(text: str, slack: str, page: str | None) -> None:
    assert from_markdown(text) == slack
    if page:
        assert to_html(text) == page


def test_what_not_every_page_renders_is_named_once() -> None:
    text = "# One\n\n## Two\n\n> ~~no~~ `x`\n\n![a](https://x.example)\n\n---\n\n**fine**"
    assert rare_elements(text) == [
        "a heading",
        "a quote",
        "struck words",
        "code",
        "an image",
        "a rule",
    ]
    assert rare_elements("**Bold**, *slanted*\n\n1. one\n\nhttps://x.example") == []
