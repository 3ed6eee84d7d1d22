import re
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.playground.block_kit import displayed_text
from bot.slack import blocks, mrkdwn
from tests.slack.markup import LINK, PERSONS_TEXT, is_whole, tokens

WORDS = st.lists(
    st.sampled_from(["Kopenhagen", "straße", "日本", "v2", "naïve"]), min_size=1, max_size=9
)


@pytest.mark.parametrize(
    ("markdown", "markup"),
    [
        ("plain words", "plain words"),
        ("**bold** and __bold__", "*bold* and *bold*"),
        ("*it* and _it_", "_it_ and _it_"),
        ("***both***", "_*both*_"),
        ("~~gone~~", "~gone~"),
        ("**over\ntwo lines**", "*over*\n*two lines*"),
        ("`a < b`", "`a &lt; b`"),
        ("one\ntwo  \nthree\n\nfour", "one\ntwo\nthree\n\nfour"),
        ("# What happened\nWe look.", "*What happened*\n\nWe look."),
        ("Over\ntwo lines\n===", "*Over*\n*two lines*"),
        (f"[{'long ' * 250}](https://x.example)", f"{'long ' * 250}(https://x.example)"),
        ("## **Bold** already", "*Bold already*"),
        ("[our page](https://x.example/?a=1&b=2)", "<https://x.example/?a=1&amp;b=2|our page>"),
        ("[**our** page](https://x.example)", "<https://x.example|*our* page>"),
        ("[our\npage](https://x.example)", "<https://x.example|our page>"),
        ("<https://x.example>", "<https://x.example|https://x.example>"),
        ("[write](mailto:help@x.example)", "<mailto:help@x.example|write>"),
        ("[<https://a.example>](https://b.example)", "<https://b.example|https://a.example>"),
        ("[help](/help)", "help (/help)"),
        ("![a graph](https://x.example/g.png)", "<https://x.example/g.png|a graph>"),
        ("[![a graph](https://x.example/g.png)](https://x.example)", "<https://x.example|a graph>"),
        ("- one\n- two", "• one\n• two"),
        ("- one\n\n- two", "• one\n• two"),
        ("Seen:\n- one\n- two\n\nAfter", "Seen:\n\n• one\n• two\n\nAfter"),
        (
            "3. three\n4. four\n   - nested\n   - more",
            "3. three\n4. four\n    • nested\n    • more",
        ),
        ("- one\n\n  more of it", "• one\n    more of it"),
        ("> said\n> twice\n\nAfter", "&gt; said\n&gt; twice\n\nAfter"),
        ("> > deep\n>\n> - list", "&gt; &gt; deep\n&gt; \n&gt; • list"),
        ("```sh\nls -l\n\n<x>\n```", "`sh`\n`ls -l`\n\n`&lt;x&gt;`"),
        ("    code\n      more", "`code`\n`  more`"),
        ("above\n\n---\n\nbelow", "above\n\n———\n\nbelow"),
        ("<b>raw</b>", "&lt;b&gt;raw&lt;/b&gt;"),
        ("| a | b |\n|---|---|", "| a | b |\n|---|---|"),
        ("\\*not bold\\* &amp; 5 * 3", "*not bold* &amp; 5 * 3"),
        ("[x]: /here\n\nAfter", "[x]: /here\n\nAfter"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_markdown_becomes_slacks_markup(markdown: str, markup: str) -> None:
    assert mrkdwn.from_markdown(markdown) == markup


@pytest.mark.parametrize(
    "text",
    [
        "<!channel>",
        "<!here|here> <!everyone>",
        "<@U0ANN> <#C0INC|ops> <!subteam^S1|team>",
        "[click](!channel)",
        "[click](@U0ANN)",
        "[click](#C0INC)",
        "[click](<!channel>)",
        "[click](&#33;channel)",
        "[click](%21channel)",
        "[a|<!channel>](https://x.example)",
        "[x](https://x.example/|<!channel>)",
        "[x](https://x.example/>\\<!channel>)",
        "![<!here>](!here)",
        "<!channel:x>",
        "`<!channel>`",
        "    <!channel>",
        "```\n<!channel>\n```",
        "```<!channel>\nx",
        "# <!channel>",
        "> <@U0ANN>",
        "&lt;!channel&gt;",
        "[x][y]\n\n[y]: !channel",
        "[x](javascript:alert(1)) [x](vbscript:x) [x](data:text/html,x) [x](file:///etc)",
    ],
)
def test_nobody_is_pinged_and_nothing_is_run(text: str) -> None:
    parts = blocks.quote(mrkdwn.from_markdown(text))
    assert displayed_text.block_pings(parts) == set()
    for token in tokens("".join(part["text"]["text"] for part in parts)):
        assert LINK.fullmatch(token)


@given(PERSONS_TEXT)
@settings(max_examples=300)
def test_whatever_is_written_only_links_to_the_web_come_out(text: str) -> None:
    markup = mrkdwn.from_markdown(text)
    assert is_whole(markup)
    assert all(LINK.fullmatch(token) for token in tokens(markup))
    assert all(is_whole(part["text"]["text"]) for part in blocks.quote(markup))


@given(PERSONS_TEXT, WORDS)
@example("```", ["Kopenhagen"])
@example("[", ["v2"])
@example("- > # ", ["v2"])
@example("\n\n" + "> " * 30, ["v2"])
@settings(max_examples=300)
def test_no_word_is_lost(noise: str, words: list[str]) -> None:
    text = " ".join([*words, noise, *words, "\n", *words, "\n\n", *words])
    read = displayed_text.read(mrkdwn.from_markdown(text))
    for word, times in Counter(words).items():
        assert len(re.findall(re.escape(word), read)) >= 4 * times
