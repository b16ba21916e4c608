"""Why here, what differs, who is under which plan: on a village that can be worked by hand."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder import difference, open_plan
from feeder.analyses.difference.between import TOGETHER, plan_difference
from feeder.analyses.difference.phasing import phase_in
from feeder.analyses.difference.sections import difference_sections, phasing_section
from feeder.analyses.explanation.explanation import explain_school
from feeder.analyses.explanation.sections import explanation_sections
from feeder.district.read import read_district
from feeder.errors import InputError
from feeder.language import languages, words
from feeder.measures.score import objective, score
from feeder.network.build import build_network
from feeder.opening.reading import plan_of
from feeder.opening.schools import find_school as school_of
from feeder.planning import Assignment
from feeder.telling.sections import headings, rows
from feeder.telling.units import units_of

VILLAGE = Path(__file__).resolve().parents[1] / "village"


@pytest.fixture(scope="module")
def village() -> Assignment:
    found = read_district(VILLAGE)
    homes = pd.read_csv(VILLAGE / "plan.csv", dtype=str).set_index("school_id")["community_id"]
    return plan_of(homes.to_dict(), found, build_network(found))


def moved_to(plan: Assignment, changes: dict[str, str]) -> Assignment:
    homes = plan.plan_table().set_index("school_id")["community_id"].to_dict()
    return plan_of(homes | changes, plan.district, plan.network, scenario=plan.scenario)


def test_every_change_is_what_score_says_of_the_edited_plan(village: Assignment) -> None:
    """For every school and move of the village, school by school, as if edited by hand."""
    ids = village.network.graph.school_ids
    moves = 0
    for school in ids:
        found = explain_school(village, school)
        for move in found.moves:
            to = village.community_ids[move.community]
            edited = score(moved_to(village, {ids[i]: to for i in found.campus}))
            assert move.card.plan == edited.plan
            assert [c.violations for c in move.card.constraints] == [
                c.violations for c in edited.constraints
            ]
            weights = dict(village.scenario.weights)
            before = objective(found.card.plan, weights)
            assert move.gain == pytest.approx(objective(edited.plan, weights) - before)
            changed = (found.changes["community_id"] == to) & found.changes["change"].notna()
            for row in found.changes[changed].to_dict("records"):
                was, comes = (card.plan[row["measure"]].value for card in (found.card, edited))
                assert row["change"] == comes - was
            moves += 1
    assert moves > 5


def test_students_kept_less_students_lost_is_what_continuity_gains(village: Assignment) -> None:
    for school in village.network.graph.school_ids:
        found = explain_school(village, school)
        for move in found.moves:
            before, after = (
                card.plan["feeder_continuity"].numerator for card in (found.card, move.card)
            )
            assert move.kept - move.lost == pytest.approx(after - before)


def test_a_move_by_hand(village: Assignment) -> None:
    """Ginkgo, in the north, borders Dogwood in the south: its 30 leavers a year go to Low Middle
    in the south, and nobody comes to it. Nothing is lost, 30 of the 455 who change school are won:
    6.6 points of continuity."""
    found = explain_school(village, "o'hare")
    (move,) = found.moves
    assert village.community_ids[move.community] == "South"
    assert (move.kept, move.lost) == (30.0, 0.0)
    change = found.changes.set_index("measure").loc["feeder_continuity"]
    assert change["change"] == pytest.approx(30 / 455)
    assert change["better"]
    assert found.outcomes["newly_kept"].tolist() == [30.0]


def test_the_figures_are_those_of_feeder_score_on_the_edited_file(tmp_path: Path) -> None:
    text = (VILLAGE / "plan.csv").read_text(encoding="utf-8")
    path = tmp_path / "edited.csv"
    path.write_text(text.replace("o'hare,North", "o'hare,South"), encoding="utf-8")
    (move,) = open_plan(VILLAGE, VILLAGE / "plan.csv").explain("Ginkgo").moves
    assert move.card.plan == open_plan(VILLAGE, path).scorecard.plan


def test_a_lock_that_is_broken_before_is_not_blamed_on_the_move(village: Assignment) -> None:
    """Ginkgo is locked to East, where it is not; in the south it is not there either. Locked to
    the north, where it is, the move breaks the lock; locked to the south, the move mends it."""
    fates = {}
    for home in ("East", "North", "South"):
        scenario = replace(village.scenario, locked={"o'hare": home})
        (move,) = explain_school(replace(village, scenario=scenario), "o'hare").moves
        fates[home] = tuple(
            sum("locked" in one.message.key for one in kind)
            for kind in (move.broken, move.mended, move.changed)
        )
    assert fates == {"East": (0, 0, 1), "North": (1, 0, 0), "South": (0, 1, 0)}


def test_a_move_blames_no_promise_that_was_broken_before(village: Assignment) -> None:
    torn = moved_to(village, {"校": "South"})
    before = {v.message.key: v.community_id for c in score(torn).constraints for v in c.violations}
    assert before["broken.parts"] == "South"
    told = []
    for school in torn.network.graph.school_ids:
        for move in explain_school(torn, school).moves:
            blamed = {(one.message.key, one.community_id) for one in move.broken}
            assert ("broken.parts", "South") not in blamed
            told += [one.message.key for one in move.changed]
    assert "broken.parts" in told


def test_students_it_exchanges_by_hand(village: Assignment) -> None:
    """Low Middle takes 30 from Alder, Birch, Dogwood (South) and Ginkgo (North), 10 from Elm
    (North); 80 go to South High (South), 20 to North High."""
    table = explain_school(village, "m;1").exchange.set_index("community_id")
    assert table.loc["South", ["come_from", "go_to"]].tolist() == [90.0, 80.0]
    assert table.loc["North", ["come_from", "go_to"]].tolist() == [40.0, 20.0]
    assert units_of(table.reset_index())["come_from"] == "students a year"


def test_classmates_by_hand(village: Assignment) -> None:
    """Ginkgo moves from North to South, to where its 30 leavers go: newly together. All others
    stay: 30+30+30 and 80 in the south, 30+30+30 of Elm, Fir and Hazel and 90 in the north are still
    together; Cedar's 30, Elm's 10, and 20 and 15 of the middle schools are still apart."""
    found = plan_difference(village, moved_to(village, {"o'hare": "South"}))
    assert found.schools.loc[found.schools["moved"], "school_id"].tolist() == ["o'hare"]
    sums = found.classmates.set_index("fate")["students"].to_dict()
    assert sums == {
        "still_together": 350.0,
        "newly_together": 30.0,
        "newly_separated": 0.0,
        "still_apart": 75.0,
    }
    (row,) = found.companions.to_dict("records")
    assert (row["school"], row["with_it"], row["left"], row["joined"]) == ("Ginkgo", 0.0, 0.0, 30.0)
    south = found.communities.set_index("community")
    assert south["students_in"].sum() == south["students_out"].sum() == 320


def test_a_plan_does_not_differ_from_itself(village: Assignment) -> None:
    found = plan_difference(village, village)
    assert not found.moved.any()
    assert len(phase_in(found)) == 0
    assert difference_sections(found)[0].sentences[0].key == "difference.none"
    assert phasing_section(found).sentences[0].key == "phasing.none"


def test_names_do_not_matter(village: Assignment) -> None:
    other = replace(
        village,
        school_community=1 - village.school_community,
        node_community=1 - village.node_community,
    ).renamed(("X", "Y"), ("X", "Y"))
    assert not plan_difference(village, other).moved.any()


def test_phase_in_by_hand(village: Assignment) -> None:
    """Ginkgo, K-5 with 320 students and no enrollment by grade: a sixth of them each year."""
    years = phase_in(plan_difference(village, moved_to(village, {"o'hare": "South"})))
    assert years["year"].tolist() == [1, 2, 3, 4, 5, 6]
    assert years["grades_new"].tolist() == ["K", "K-1", "K-2", "K-3", "K-4", "K-5"]
    assert years["new"].tolist() == pytest.approx([320 * k / 6 for k in range(1, 7)])
    assert years["grades_old"].tolist() == ["1-5", "2-5", "3-5", "4-5", "5", ""]
    assert years["complete"].tolist() == [0, 0, 0, 0, 0, 1]
    (section,) = difference_sections(
        plan_difference(village, moved_to(village, {"o'hare": "South"}))
    )[2:]
    assert [one.key for one in section.sentences if one.key == "phasing.even"]


def test_phase_in_counts_pupils_by_grade(embedded: Path) -> None:
    """Aspen Hill has 18, 83, 87, 93, 85, 93 and 96 pupils from PK to grade 5: pre-kindergarten
    starts with kindergarten, then one grade more each year."""
    found = read_district(embedded)
    today = found.existing_plan.dropna().to_dict()
    plan = plan_of(today, found, build_network(found))
    other = next(one for one in plan.community_ids if one != today["0005"])
    years = phase_in(plan_difference(plan, moved_to(plan, {"0005": other})))
    assert years["new"].tolist() == [101.0, 188.0, 281.0, 366.0, 459.0, 555.0]
    assert years["old"].tolist() == [454.0, 367.0, 274.0, 189.0, 96.0, 0.0]
    assert years["grades_new"].tolist()[0] == "PK-K"


def test_grades_that_do_not_add_up_to_the_enrollment_are_told(embedded: Path) -> None:
    """Aspen Hill's grades have 555 pupils; a roll of 550 is told beside them."""
    found = read_district(embedded)
    schools = found.schools.copy()
    schools.loc["0005", "enrollment"] = 550
    found = replace(found, schools=schools)
    today = found.existing_plan.dropna().to_dict()
    plan = plan_of(today, found, build_network(found))
    other = next(one for one in plan.community_ids if one != today["0005"])
    section = phasing_section(plan_difference(plan, moved_to(plan, {"0005": other})))
    (told,) = (one for one in section.sentences if one.key == "phasing.unlike")
    assert words("en").say(told) == (
        "By grade these schools have 555 students, in all 550: the years count the former."
    )


def test_a_suppressed_cell_leaves_its_range_open(tmp_path: Path) -> None:
    """Cedar and Ginkgo, 30 each, and 20 and 15 of the middle schools are apart, with Elm's feed to
    Low Middle: 1 to 9 students, so 100 give or take 4."""
    folder = tmp_path / "village"
    shutil.copytree(VILLAGE, folder)
    flows = (folder / "flows.csv").read_text(encoding="utf-8")
    (folder / "flows.csv").write_text(flows.replace("ñandú,m;1,10", "ñandú,m;1,*"), "utf-8")
    toml = (folder / "district.toml").read_text(encoding="utf-8")
    toml = toml.replace('"observed"', '"observed"\nsuppressed_range = [1, 9]')
    (folder / "district.toml").write_text(toml, encoding="utf-8")
    found = open_plan(folder, folder / "plan.csv").difference()
    table = found.classmates.set_index("fate")
    assert table.loc["still_apart", ["low", "students", "high"]].tolist() == [96.0, 100.0, 104.0]
    assert table.loc["still_together", ["low", "students", "high"]].tolist() == [350.0] * 3
    said = [words("en").say(one) for one in difference_sections(found)[0].sentences]
    assert "Still apart: about 100 (between 96 and 104) students a year, before and after." in said


def test_communities_that_merge_change_no_school(village: Assignment) -> None:
    homes = dict.fromkeys(village.network.graph.school_ids, "All")
    found = plan_difference(village, moved_to(village, homes))
    assert not found.moved.any()
    assert found.communities["carries_on"].tolist() == ["North, South"]
    assert difference_sections(found)[0].sentences[0].key == "difference.none"


def test_a_school_that_comes_to_a_namesake_is_told_so(village: Assignment) -> None:
    """The north goes to a community called South, one school stays in one called North."""
    ids = np.array(village.network.graph.school_ids)
    north = ids[np.array(village.community_ids)[village.school_community] == "North"].tolist()
    sizes = village.district.schools["enrollment"].reindex(north)
    stays = str(sizes.idxmin())
    homes = dict.fromkeys(north, "South") | {stays: "North"}
    found = plan_difference(village, moved_to(village, homes))
    assert found.schools.loc[found.schools["moved"], "school_id"].tolist() == [stays]
    (row,) = difference_sections(found)[1].tables[0].frame.to_dict("records")
    assert (row["from_name"], words("en").say(row["to_name"])) == ("North", "North (new)")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-1, 1), min_size=13, max_size=13))
def test_students_are_conserved(village: Assignment, homes: list[int]) -> None:
    ids = village.network.graph.school_ids
    names = {-1: "", 0: "North", 1: "South"}
    other = moved_to(village, {one: names[c] for one, c in zip(ids, homes, strict=True)})
    found = plan_difference(village, other)
    total = village.network.graph.flow_students.sum()
    assert found.classmates["students"].sum() == pytest.approx(total)
    assert found.classmates["fate"].tolist() == list(TOGETHER)
    own, table = found.schools, found.communities
    changing = own[own["moved"]]
    assert (changing["to_id"] != "").all()
    assert (changing["from_id"] != "").all()
    for way in ("in", "out"):
        assert table[f"schools_{way}"].sum() == len(changing)
        assert table[f"students_{way}"].sum() == changing["enrollment"].sum()
    students = own.loc[own["moved"], "enrollment"].sum()
    years = phase_in(found)
    assert np.allclose(years["new"] + years["old"], students)
    assert (np.diff(years["new"]) >= -1e-9).all()
    if len(years):
        assert years["old"].iloc[-1] == pytest.approx(0.0)
        assert years["complete"].iloc[-1] == own["moved"].sum()


def find_school(village: Assignment, wanted: str) -> str:
    ids = village.network.graph.school_ids
    return school_of(village.district.schools["name"], wanted, among=ids)


def test_a_school_is_found_by_id_name_or_part_of_it(village: Assignment) -> None:
    assert find_school(village, "校") == "校"
    assert find_school(village, "hazel") == "校"
    assert find_school(village, "Juniper") == "χ"
    with pytest.raises(InputError, match="could be any of 2 schools: High Middle"):
        find_school(village, "middle")
    with pytest.raises(InputError, match="Did you mean Dogwood"):
        find_school(village, "Dogwod")


def test_a_plan_is_asked_by_its_methods_and_today_may_be_missing() -> None:
    plan = open_plan(VILLAGE, VILLAGE / "plan.csv")
    found = plan.explain("Ginkgo")
    assert found.assignment.district.schools["name"]["o'hare"] == "Ginkgo"
    bare = replace(plan.assignment, district=replace(plan.district, existing_plan=None))
    with pytest.raises(InputError, match="no plan of today"):
        difference(bare)


@pytest.mark.parametrize("tag", languages())
def test_every_section_speaks_every_language(village: Assignment, tag: str) -> None:
    said = words(tag)
    found = plan_difference(village, moved_to(village, {"o'hare": "South"}))
    sections = [
        *explanation_sections(explain_school(village, "o'hare"), said),
        *difference_sections(found),
    ]
    for section in sections:
        assert said.say(section.title)
        assert all("{" not in said.say(one) for one in section.sentences)
        for shown in section.tables:
            assert len(headings(shown, said)) == len(shown.frame.columns)
            assert len(rows(shown, said)) == len(shown.frame)
