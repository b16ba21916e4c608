"""feeder plans communities of schools: contiguous, balanced, kindergarten to graduation.

In a notebook::

    from feeder import open_plan, plan_district

    plan = plan_district("path/to/district", communities=12)
    plan.communities                      # a DataFrame
    plan.explore()                        # a map
    plan.offices(weigh="enrollment")      # every analysis is a method, and a function of its name
    plan.write("maps/my-plan")

Names are loaded when they are first used, so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    from feeder.analyses.candidates import candidates as candidates
    from feeder.analyses.candidates.run import Candidates as Candidates
    from feeder.analyses.comparison import compare as compare
    from feeder.analyses.comparison.comparison import Comparison as Comparison
    from feeder.analyses.contract import OptionsError as OptionsError
    from feeder.analyses.contract import Result as Result
    from feeder.analyses.difference import difference as difference
    from feeder.analyses.difference.between import Difference as Difference
    from feeder.analyses.ensemble import ensemble as ensemble
    from feeder.analyses.ensemble.run import Ensemble as Ensemble
    from feeder.analyses.explanation import explain as explain
    from feeder.analyses.explanation.explanation import Explanation as Explanation
    from feeder.analyses.funding import funding as funding
    from feeder.analyses.funding.run import FundedPlan as FundedPlan
    from feeder.analyses.goals import goals as goals
    from feeder.analyses.goals.run import PlanGoals as PlanGoals
    from feeder.analyses.models import models as models
    from feeder.analyses.models.run import Models as Models
    from feeder.analyses.offices import offices as offices
    from feeder.analyses.offices.office_plan import OfficePlan as OfficePlan
    from feeder.analyses.prices import price as price
    from feeder.analyses.prices.run import Prices as Prices
    from feeder.analyses.regions import regions as regions
    from feeder.analyses.regions.grouped import Regions as Regions
    from feeder.district.model import District as District
    from feeder.district.read import read_district as read_district
    from feeder.district.synthetic import write_synthetic as write_synthetic
    from feeder.errors import FeederError as FeederError
    from feeder.errors import InfeasibleError as InfeasibleError
    from feeder.errors import InputError as InputError
    from feeder.errors import NoPlanFoundError as NoPlanFoundError
    from feeder.errors import OutputError as OutputError
    from feeder.language import Message as Message
    from feeder.measures.own import OwnMeasure as OwnMeasure
    from feeder.measures.score import score as score
    from feeder.measures.scorecard import Scorecard as Scorecard
    from feeder.measures.scorecard import Value as Value
    from feeder.network.build import build_network as build_network
    from feeder.network.convert import from_networkx as from_networkx
    from feeder.network.convert import to_networkx as to_networkx
    from feeder.network.graph import FeederGraph as FeederGraph
    from feeder.network.model import Network as Network
    from feeder.opening.reading import plan_of as plan_of
    from feeder.opening.runs import embedded_district as embedded_district
    from feeder.opening.validate import validate_district as validate_district
    from feeder.partition.estimators import CommunityMethod as CommunityMethod
    from feeder.partition.estimators import CommunitySearch as CommunitySearch
    from feeder.pipeline.plan import Plan as Plan
    from feeder.pipeline.runs import open_plan as open_plan
    from feeder.pipeline.runs import plan_district as plan_district
    from feeder.pipeline.runs import prepare_district as prepare_district
    from feeder.pipeline.streets import download_district_streets as download_district_streets
    from feeder.planning import Assignment as Assignment
    from feeder.render.files.dual_graph import from_gerrychain as from_gerrychain
    from feeder.render.files.dual_graph import to_gerrychain as to_gerrychain
    from feeder.scenario import Scenario as Scenario

_HOME = {
    "analyses.candidates": "candidates",
    "analyses.candidates.run": "Candidates",
    "analyses.comparison": "compare",
    "analyses.comparison.comparison": "Comparison",
    "analyses.contract": "OptionsError Result",
    "analyses.difference": "difference",
    "analyses.difference.between": "Difference",
    "analyses.ensemble": "ensemble",
    "analyses.ensemble.run": "Ensemble",
    "analyses.explanation": "explain",
    "analyses.explanation.explanation": "Explanation",
    "analyses.funding": "funding",
    "analyses.funding.run": "FundedPlan",
    "analyses.goals": "goals",
    "analyses.goals.run": "PlanGoals",
    "analyses.models": "models",
    "analyses.models.run": "Models",
    "analyses.offices": "offices",
    "analyses.offices.office_plan": "OfficePlan",
    "analyses.prices": "price",
    "analyses.prices.run": "Prices",
    "analyses.regions": "regions",
    "analyses.regions.grouped": "Regions",
    "district.model": "District",
    "district.read": "read_district",
    "district.synthetic": "write_synthetic",
    "errors": "FeederError InfeasibleError InputError NoPlanFoundError OutputError",
    "language": "Message",
    "measures.own": "OwnMeasure",
    "measures.score": "score",
    "measures.scorecard": "Scorecard Value",
    "network.build": "build_network",
    "network.convert": "from_networkx to_networkx",
    "network.graph": "FeederGraph",
    "network.model": "Network",
    "opening.reading": "plan_of",
    "opening.runs": "embedded_district",
    "opening.validate": "validate_district",
    "partition.estimators": "CommunityMethod CommunitySearch",
    "pipeline.plan": "Plan",
    "pipeline.runs": "open_plan plan_district prepare_district",
    "pipeline.streets": "download_district_streets",
    "planning": "Assignment",
    "render.files.dual_graph": "from_gerrychain to_gerrychain",
    "scenario": "Scenario",
}
"""Public names by the module that has them, as imported above for type checkers."""
_MODULE = {name: f"feeder.{module}" for module, names in _HOME.items() for name in names.split()}

__all__ = sorted(_MODULE)  # noqa: PLE0605 - one list, not two that can differ


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name == "__version__":
        from feeder.version import version

        return version()
    if name not in _MODULE:
        raise AttributeError(f"module 'feeder' has no attribute {name!r}")
    return getattr(import_module(_MODULE[name]), name)


def __dir__() -> list[str]:
    return __all__
