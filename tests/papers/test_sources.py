"""Whoever follows a method from the literature names its source, and the sources are spelled out.

A docstring names a source as ``(Surname and Surname 1991)`` or ``Surname and Surname (1991)``;
``docs/sources.md`` says the same with initials, title and place.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME = r"[A-ZÀ-Ž][\w'-]+"
INITIALS = r"(?:[A-Z]\.[ -]?)+ ?"
CITED = re.compile(rf"({NAME})(?:(?:,| and) {NAME})*(?: and others)? \(?((?:19|20)\d\d)[);]")
SPELLED = re.compile(
    rf"{INITIALS}({NAME})(?:(?:,| and) {INITIALS}{NAME})*(?: and others)? \(((?:19|20)\d\d)\)"
)
METHODS = [
    ("measures.shape:polsby_popper", "Polsby 1991"),
    ("measures.shape:cut_contacts", "Duchin 2018"),
    ("measures.shape:diameters_km", "Karney 2013"),
    ("measures.disruption:relabelling", "Kuhn 1955"),
    ("measures.disruption:_variation_of_information", "Meilă 2007"),
    ("measures.continuity:stay_probability", "Kemeny 1960"),
    ("measures.continuity:_extreme_stay", "Givan 2000"),
    ("analyses.funding.equity:theil", "Theil 1967"),
    ("analyses.funding.equity:gini", "Gini 1912"),
    ("analyses.funding.money:largest_remainder", "Balinski 1982"),
    ("analyses.models.reach:reach_of", "Kemeny 1960"),
    ("analyses.models.affinity:equal_groups", "Malinen 2014"),
    ("analyses.candidates.pareto:undominated", "Miettinen 1999"),
    ("analyses.candidates.pareto:parted", "Jaccard 1912"),
    ("analyses.candidates.pareto:spread", "Gonzalez 1985"),
    ("ensembles.diagnostics:diagnose", "Vehtari 2021"),
    ("ensembles.agreement:agree", "Mirkin 1996"),
    ("network.coverage", "Hobby 1999"),
    ("network.contacts:bridge_contacts", "Prim 1957"),
    ("network.voronoi:voronoi_tiles", "Aurenhammer 1991"),
    ("network.interaction:great_circle_m", "Sinnott 1984"),
    ("network.interaction:balance", "Wilson 1971"),
    ("network.interaction:balance", "Deming 1940"),
    ("network.streets.shortest:minutes_between", "Dijkstra 1959"),
    ("partition.search:search", "Kirkpatrick 1983"),
    ("partition.kernels.proposals:keeps", "Metropolis 1953"),
    ("partition.kernels.resplit:try_resplit", "DeFord 2021"),
    ("partition.kernels.flow_tree:random_tree", "Prim 1957"),
    ("partition.kernels.flow_tree:draw_cut", "Gumbel 1954"),
    ("partition.kernels.uniform_tree:draw_tree", "Wilson 1996"),
    ("partition.kernels.recombination:walk_recom", "DeFord 2021"),
    ("partition.kernels.recombination:walk_reversible", "Cannon 2022"),
    ("partition.kernels.rng", "Steele 2014"),
    ("partition.sampling.walk:Recipe", "Cannon 2022"),
    ("partition.master:combine", "Garfinkel 1970"),
    ("partition.routing", "McMurchie 1995"),
    ("partition.medians:medians", "Hakimi 1964"),
    ("partition.medians:medians", "García 2011"),
    ("partition.proof.model:make_model", "Hess 1965"),
    ("partition.proof.separators:Contiguity", "Validi 2022"),
    ("partition.proof.cpsat:solve", "Hess 1965"),
    ("partition.proof.prices:lower_prices", "Fisher 1981"),
    ("partition.proof.prices:lower_prices", "Marsten 1975"),
    ("partition.methods.anchored:cluster", "Kemeny 1960"),
    ("partition.methods.kmeans", "Lloyd 1982"),
    ("partition.methods.louvain", "Blondel 2008"),
    ("partition.methods.louvain:cluster", "Newman 2004"),
    ("partition.methods.spectral", "Ng 2001"),
    ("partition.methods.ward", "Ward 1963"),
    ("publishing.cells", "Hundepool 2012"),
    ("planning.colors", "Sharma 2005"),
    ("planning.colors", "Machado 2009"),
    ("planning.colors:colored", "Brélaz 1979"),
    ("planning.colors:colored", "Matula 1983"),
    ("planning.matching:one_to_one", "Kuhn 1955"),
    ("render.page.topology:simplified", "Visvalingam 1993"),
    ("render.packet.data:_by_family", "Sugiyama 1981"),
]
"""Who follows a method (a module of feeder, or a name in it), and the source it names."""


def cited(text: str | None, form: re.Pattern[str] = CITED) -> set[str]:
    """Return first surname and year of every source that a text names."""
    return {" ".join(found) for found in form.findall(" ".join((text or "").split()))}


def named_in(folder: str) -> set[str]:
    """Return the sources that the docstrings of a folder name."""
    return {
        source
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for source in cited(ast.get_docstring(node))
    }


@pytest.mark.parametrize(("where", "source"), METHODS)
def test_who_follows_a_method_names_its_source(where: str, source: str) -> None:
    module, _, name = where.partition(":")
    tree = ast.parse((ROOT / "feeder" / f"{module.replace('.', '/')}.py").read_text("utf-8"))
    texts = {"": ast.get_docstring(tree)} | {
        node.name: ast.get_docstring(node)
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    assert source in cited(texts[name])


def test_a_source_is_spelled_out_where_it_is_named_and_named_where_it_is_spelled_out() -> None:
    spelled = cited((ROOT / "docs" / "sources.md").read_text(encoding="utf-8"), SPELLED)
    named = named_in("feeder")
    assert len(named) > 40
    assert not named - spelled
    assert not spelled - named - named_in("benchmarks")


@pytest.mark.parametrize(
    "told",
    [
        "in nats (Meilă 2007).",
        "k-means on places (Lloyd 1982; scikit-learn).",
        "Cannon, Duchin, Randall and Rule (2022) draw\nthe pair evenly",
        "Hess's model (Hess and others 1965)",
    ],
)
def test_a_source_is_known_by_its_form(told: str) -> None:
    assert len(cited(told)) == 1


def test_a_source_is_spelled_out_with_initials() -> None:
    told = "V. D. Blondel, J.-L. Guillaume and others (2008), A. G. Wilson (1971), in 1932 (1933)."
    assert cited(told, SPELLED) == {"Blondel 2008", "Wilson 1971"}
