import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pages import ComponentStatus, Hold, component_statuses, corrections, held, worst

OPERATIONAL = ComponentStatus.OPERATIONAL
MAINTENANCE = ComponentStatus.UNDER_MAINTENANCE
DEGRADED = ComponentStatus.DEGRADED
PARTIAL = ComponentStatus.PARTIAL_OUTAGE
MAJOR = ComponentStatus.MAJOR_OUTAGE
UNKNOWN = ComponentStatus.UNKNOWN

STATUSES = st.sampled_from(ComponentStatus)


def test_statuses_go_from_good_to_bad() -> None:
    by_severity = sorted(ComponentStatus, key=lambda status: status.severity)
    assert by_severity == [UNKNOWN, OPERATIONAL, MAINTENANCE, DEGRADED, PARTIAL, MAJOR]


def test_a_person_reads_the_fields_own_words() -> None:
    assert [status.label for status in ComponentStatus] == [
        "Operational",
        "Under maintenance",
        "Degraded performance",
        "Partial outage",
        "Major outage",
        "Unknown",
    ]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], OPERATIONAL),
        ([UNKNOWN], OPERATIONAL),
        ([MAINTENANCE, OPERATIONAL], MAINTENANCE),
        ([DEGRADED, MAJOR, PARTIAL], MAJOR),
    ],
)
def test_the_worst_wins(statuses: list[ComponentStatus], expected: ComponentStatus) -> None:
    assert worst(statuses) is expected


def hold(component: str, status: ComponentStatus) -> Hold:
    return Hold("other", "Another incident", component, status)


def test_a_component_is_held_at_the_worst_that_anyone_says() -> None:
    holds = [hold("a", DEGRADED), hold("a", MAJOR), hold("b", MAINTENANCE), hold("c", UNKNOWN)]
    assert held(holds) == {"a": MAJOR, "b": MAINTENANCE, "c": OPERATIONAL}
    assert held([]) == {}


def test_resolving_leaves_a_component_that_another_holds() -> None:
    written = component_statuses({"a": OPERATIONAL, "b": OPERATIONAL}, {"a": PARTIAL, "z": MAJOR})
    assert written == {"a": PARTIAL, "b": OPERATIONAL}


@given(
    st.dictionaries(st.text(max_size=2), STATUSES), st.dictionaries(st.text(max_size=2), STATUSES)
)
def test_no_component_is_written_better_than_anyone_says(
    impacts: dict[str, ComponentStatus], others: dict[str, ComponentStatus]
) -> None:
    written = component_statuses(impacts, others)
    assert set(written) == set(impacts)
    for component, status in written.items():
        assert status is not UNKNOWN
        assert status.severity >= impacts[component].severity
        assert status.severity >= others.get(component, OPERATIONAL).severity


@pytest.mark.parametrize(
    ("shown", "least", "ours", "wanted"),
    [
        (OPERATIONAL, MAJOR, OPERATIONAL, MAJOR),
        (MAINTENANCE, MAJOR, MAJOR, MAJOR),
        (MAJOR, MAJOR, OPERATIONAL, None),
        (MAJOR, OPERATIONAL, MAJOR, OPERATIONAL),
        (MAJOR, MAINTENANCE, MAJOR, MAINTENANCE),
        (MAJOR, OPERATIONAL, MAINTENANCE, None),
        (UNKNOWN, MAJOR, MAJOR, None),
    ],
)
def test_a_component_is_made_worse_where_held_and_better_where_we_made_it_worse(
    shown: ComponentStatus,
    least: ComponentStatus,
    ours: ComponentStatus,
    wanted: ComponentStatus | None,
) -> None:
    found = corrections({"a": shown}, {"a": least, "b": MAJOR}, {"a": ours})
    assert found == ({"a": wanted} if wanted else {})
