"""No plan file, however damaged, does worse than be refused with a reason."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from fuzzing import examples
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from feeder.district.model import District
from feeder.district.read import read_district
from feeder.errors import InputError
from feeder.measures.score import score
from feeder.network.build import build_network
from feeder.network.model import Network
from feeder.opening.reading import plan_of, read_plan
from feeder.render.files.exchange import FORMATS

FUZZ = examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
ENDINGS = {"csv": "csv", "geojson": "geojson", "gerrychain": "json", "graphml": "graphml"}
SPLINTERS = (
    *(b"", b"\x00", b"\xff", b"\n", b",", b'"', b"[", b"{", b"}", b"<", b"&", b"null", b"NaN"),
    *(b"7,North\n", b"1e999", b"community", b"schools", b"\\ud800", b"-", b"true", b"[]", b"{}"),
)
damage = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 40), st.sampled_from(SPLINTERS)),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def district(village: Path) -> District:
    return read_district(village)


@pytest.fixture(scope="module")
def network(district: District) -> Network:
    return build_network(district)


@pytest.fixture(scope="module")
def sound(district: District, network: Network, village: Path) -> Mapping[str, bytes]:
    """Today's plan in every format, with one campus parted."""
    table = pd.read_csv(village / "plan.csv", dtype=str).set_index("school_id")["community_id"]
    plan = plan_of({**table.to_dict(), "h 1": "North"}, district, network)
    return {to: FORMATS[to](plan).encode() for to in ENDINGS}


def damaged(content: bytes, wounds: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, splinter in wounds:
        at = int(where * len(content))
        content = content[:at] + splinter + content[at + length :]
    return content


@pytest.mark.parametrize("to", ENDINGS)
@FUZZ
@given(wounds=damage)
def test_a_damaged_plan_is_read_or_refused(
    to: str,
    wounds: list[tuple[float, int, bytes]],
    sound: Mapping[str, bytes],
    district: District,
    network: Network,
    tmp_path: Path,
) -> None:
    path = tmp_path / f"plan.{ENDINGS[to]}"
    content = damaged(sound[to], wounds)
    path.write_bytes(content)
    try:
        plan = read_plan(path, district, network)
    except InputError:
        return
    finally:
        assert path.read_bytes() == content
    assert (plan.school_community >= 0).any()
    assert "".join(plan.community_ids).isprintable()


@FUZZ
@given(homes=st.lists(st.integers(-1, 3), min_size=13, max_size=13))
def test_any_plan_can_be_scored(homes: list[int], district: District, network: Network) -> None:
    schools = network.graph.school_ids
    wanted = {s: f"C{home}" if home >= 0 else "" for s, home in zip(schools, homes, strict=True)}
    plan = plan_of(wanted, district, network)
    if not plan.n_communities:
        return
    card = score(plan)
    assert card.communities["n_schools"].sum() == sum(home >= 0 for home in homes)
    told = {promise.name: promise.violations for promise in card.constraints}
    unplaced = [v for v in told["every_school_placed"] if v.unit == "communities"]
    assert len(unplaced) == sum(home < 0 for home in homes)
    at = dict(zip(schools, homes, strict=True))
    parted = min(at["007"], at["h 1"]) >= 0 and at["007"] != at["h 1"]
    assert len(told["campus_whole"]) == parted
