"""The figures of a measurement, and the bars that they have to clear."""

import statistics
from collections import defaultdict
from dataclasses import dataclass, field

from bench.load import percentile

VARIANTS = {"default": "bare Bolt, default", "at once": "bare Bolt, at once", "foghorn": "Foghorn"}


@dataclass
class Figures:
    """What was measured, by name: for each round the values in order of size."""

    rounds: defaultdict[str, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    sent: int = 0
    acknowledged: int = 0
    on_disk: int = 0

    def add(self, name: str, ordered: list[float]) -> None:
        """Keep what one round gave."""
        self.rounds[name].append(ordered)

    def of(self, name: str, share: float) -> list[float]:
        """Return a percentile of each round."""
        return [percentile(each, share) for each in self.rounds[name]]

    def middle(self, name: str, share: float = 0.5) -> float:
        """Return the median over the rounds."""
        return statistics.median(self.of(name, share))


@dataclass(frozen=True)
class Bar:
    """A ratio inside one round whose median must not exceed `most`."""

    name: str
    what: str
    measured: str
    against: str
    share: float
    most: float

    def ratios(self, figures: Figures) -> list[float]:
        """Return the ratio of each round."""
        above = figures.of(f"{self.measured} foghorn", self.share)
        below = figures.of(f"{self.measured} {self.against}", self.share)
        return [ours / theirs for ours, theirs in zip(above, below, strict=True)]


BARS = (
    Bar("B1", "submit p50 at 20/s / Bolt's default hello", "submit 20/s", "default", 0.5, 0.5),
    Bar("B2", "submit p99 at 200/s / Bolt's at-once hello", "submit 200/s", "at once", 0.99, 4),
    Bar("B3", "slowest of 200 submits at one instant / same", "burst", "at once", 1.0, 4),
    Bar("B4", "CPU of a command, table of 200 handlers / of 1", "cpu", "1 handler", 0.5, 1.2),
    Bar("B5", "command p99 beside 16 posters of 1 MB / quiet", "strangers", "quiet", 0.99, 10),
)


def report(figures: Figures, *, cores: int, load: float) -> int:
    """Print everything, and return the exit code."""
    print(f"\nMedians of {len(figures.rounds['fsync'])} rounds, acknowledgement in ms (p50 / p99).")
    apart = "one core for the server" if cores > 1 else "server and load share the only core"
    print(f"{cores} cores, {apart}; load {load:.1f}; fsync {figures.middle('fsync'):.2f} ms.\n")
    _print_table(figures)
    _print_more(figures)
    passed = [_print_bar(bar, figures) for bar in BARS]
    print(f"\nOf {figures.sent} forms {figures.acknowledged} were acknowledged as kept, ", end="")
    print(f"and {figures.on_disk} were on disk after kill -9.")
    none_lost = figures.sent == figures.acknowledged == figures.on_disk
    return 0 if all(passed) and none_lost else 1


def _print_table(figures: Figures) -> None:
    print(f"{'':26}" + "".join(f"{title:>20}" for title in VARIANTS.values()))
    for kind in ("command", "submit", "search"):
        for many in (1, 32):
            cells = [_times(figures, f"{kind} {many} {name}") for name in VARIANTS]
            print(f"{kind + f', {many} at a time':26}" + "".join(f"{cell:>20}" for cell in cells))
    for label, names in (
        ("submit, 20 a second", ("submit 20/s default", "", "submit 20/s foghorn")),
        ("  while the vendor hangs", ("", "", "submit 20/s hanging")),
        ("submit, 200 a second", ("", "submit 200/s at once", "submit 200/s foghorn")),
        ("200 submits at once", ("", "burst at once", "burst foghorn")),
        ("command, 50 a second", ("", "", "strangers quiet")),
        ("  beside unsigned 1 MB", ("", "", "strangers foghorn")),
        ("  beside forged 1 MB", ("", "", "strangers forged")),
    ):
        cells = [_times(figures, name) if name else "–" for name in names]
        print(f"{label:26}" + "".join(f"{cell:>20}" for cell in cells))


def _times(figures: Figures, name: str) -> str:
    return f"{figures.middle(name):.2f} / {figures.middle(name, 0.99):.2f}"


def _print_more(figures: Figures) -> None:
    start, bolt = figures.middle("start"), figures.middle("import bolt")
    print(f"\nStart to first acknowledgement {start:.2f} s ", end="")
    print(f"(B12: {start / bolt:.1f} times the import of slack_bolt.async_app; bar 4).")
    print(f"Import of bot.app {figures.middle('import foghorn'):.2f} s, ", end="")
    print(f"of nothing {figures.middle('python'):.2f} s. RSS {figures.middle('rss'):.0f} MB.")
    print("CPU of a command with 1 and 200 handlers ", end="")
    print(f"{figures.middle('cpu 1 handler'):.0f} and {figures.middle('cpu foghorn'):.0f} µs.\n")


def _print_bar(bar: Bar, figures: Figures) -> bool:
    ratios = bar.ratios(figures)
    ratio = statistics.median(ratios)
    each = " ".join(f"{one:.2f}" for one in ratios)
    verdict = "pass" if ratio <= bar.most else "MISSED"
    print(f"{bar.name} {bar.what:50} {ratio:6.2f}  bar {bar.most:g}  {verdict}  (rounds: {each})")
    return ratio <= bar.most
