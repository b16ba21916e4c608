"""feeder plans communities of schools: contiguous, balanced, kindergarten to graduation.

In a notebook::

    from feeder import plan_district

    plan = plan_district("path/to/district", communities=12)
    plan.communities      # a DataFrame
    plan.explore()        # a map
    plan.write("maps/my-plan")

Names are loaded when they are first used, so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    from feeder.analyses.comparison.comparison import Comparison as Comparison
    from feeder.analyses.difference.difference import Difference as Difference
    from feeder.analyses.difference.difference import plan_difference as plan_difference
    from feeder.analyses.difference.phasing import phase_in as phase_in
    from feeder.analyses.explanation.explanation import Explanation as Explanation
    from feeder.analyses.explanation.explanation import explain_school as explain_school
    from feeder.analyses.funding.run import FundedPlan as FundedPlan
    from feeder.analyses.models.model_input import ModelOptions as ModelOptions
    from feeder.analyses.offices.office_plan import OfficePlan as OfficePlan
    from feeder.analyses.prices.run import Prices as Prices
    from feeder.analyses.prices.run import price_of_limit as price_of_limit
    from feeder.analyses.regions.regions import Regions as Regions
    from feeder.district.model import District as District
    from feeder.district.read import read_district as read_district
    from feeder.district.synthetic import write_synthetic as write_synthetic
    from feeder.ensemble.model import Ensemble as Ensemble
    from feeder.errors import FeederError as FeederError
    from feeder.errors import InfeasibleError as InfeasibleError
    from feeder.errors import InputError as InputError
    from feeder.errors import NoPlanFoundError as NoPlanFoundError
    from feeder.errors import OutputError as OutputError
    from feeder.measures.score import score as score
    from feeder.measures.scorecard import Scorecard as Scorecard
    from feeder.network.build import build_network as build_network
    from feeder.network.convert import from_networkx as from_networkx
    from feeder.network.convert import to_networkx as to_networkx
    from feeder.network.graph import FeederGraph as FeederGraph
    from feeder.network.model import Network as Network
    from feeder.opening.reading import plan_of as plan_of
    from feeder.opening.reading import read_plan as read_plan
    from feeder.opening.validate import validate_district as validate_district
    from feeder.partition.estimators import CommunityMethod as CommunityMethod
    from feeder.partition.estimators import CommunitySearch as CommunitySearch
    from feeder.pipeline import Candidates as Candidates
    from feeder.pipeline import Models as Models
    from feeder.pipeline import Plan as Plan
    from feeder.pipeline import PlanGoals as PlanGoals
    from feeder.pipeline import candidate_plans as candidate_plans
    from feeder.pipeline import compare_plans as compare_plans
    from feeder.pipeline import difference as difference
    from feeder.pipeline import download_district_streets as download_district_streets
    from feeder.pipeline import embedded_district as embedded_district
    from feeder.pipeline import explain as explain
    from feeder.pipeline import open_plan as open_plan
    from feeder.pipeline import organizing_models as organizing_models
    from feeder.pipeline import plan_district as plan_district
    from feeder.pipeline import plan_goals as plan_goals
    from feeder.pipeline import plan_offices as plan_offices
    from feeder.pipeline import plan_regions as plan_regions
    from feeder.pipeline import prepare_district as prepare_district
    from feeder.pipeline import sample_ensemble as sample_ensemble
    from feeder.pipeline import score_plan as score_plan
    from feeder.pipeline import write_ensemble as write_ensemble
    from feeder.pipeline.asking import fund_plan as fund_plan
    from feeder.planning import Assignment as Assignment
    from feeder.render.files.dual_graph import from_gerrychain as from_gerrychain
    from feeder.render.files.dual_graph import to_gerrychain as to_gerrychain
    from feeder.scenario import Scenario as Scenario

_HOME = {
    "FundedPlan": "feeder.analyses.funding.run",
    "fund_plan": "feeder.pipeline",
    "Prices": "feeder.analyses.prices.run",
    "price_of_limit": "feeder.analyses.prices.run",
    "to_gerrychain": "feeder.render.files.dual_graph",
    "score_plan": "feeder.pipeline",
    "read_plan": "feeder.opening.reading",
    "plan_of": "feeder.opening.reading",
    "open_plan": "feeder.pipeline",
    "from_gerrychain": "feeder.render.files.dual_graph",
    "embedded_district": "feeder.pipeline",
    "download_district_streets": "feeder.pipeline",
    "compare_plans": "feeder.pipeline",
    "difference": "feeder.pipeline",
    "explain": "feeder.pipeline",
    "Difference": "feeder.analyses.difference.difference",
    "plan_difference": "feeder.analyses.difference.difference",
    "Explanation": "feeder.analyses.explanation.explanation",
    "explain_school": "feeder.analyses.explanation.explanation",
    "phase_in": "feeder.analyses.difference.phasing",
    "candidate_plans": "feeder.pipeline",
    "Candidates": "feeder.pipeline",
    "CommunityMethod": "feeder.partition.estimators",
    "CommunitySearch": "feeder.partition.estimators",
    "Comparison": "feeder.analyses.comparison.comparison",
    "Assignment": "feeder.planning",
    "District": "feeder.district.model",
    "Ensemble": "feeder.ensemble.model",
    "FeederError": "feeder.errors",
    "FeederGraph": "feeder.network.graph",
    "InfeasibleError": "feeder.errors",
    "InputError": "feeder.errors",
    "ModelOptions": "feeder.analyses.models.model_input",
    "Models": "feeder.pipeline",
    "Network": "feeder.network.model",
    "NoPlanFoundError": "feeder.errors",
    "OutputError": "feeder.errors",
    "Plan": "feeder.pipeline",
    "Scenario": "feeder.scenario",
    "Scorecard": "feeder.measures.scorecard",
    "build_network": "feeder.network.build",
    "from_networkx": "feeder.network.convert",
    "organizing_models": "feeder.pipeline",
    "plan_regions": "feeder.pipeline",
    "Regions": "feeder.analyses.regions.regions",
    "PlanGoals": "feeder.pipeline",
    "plan_goals": "feeder.pipeline",
    "plan_district": "feeder.pipeline",
    "plan_offices": "feeder.pipeline",
    "OfficePlan": "feeder.analyses.offices.office_plan",
    "prepare_district": "feeder.pipeline",
    "sample_ensemble": "feeder.pipeline",
    "write_ensemble": "feeder.pipeline",
    "read_district": "feeder.district.read",
    "score": "feeder.measures.score",
    "to_networkx": "feeder.network.convert",
    "validate_district": "feeder.opening.validate",
    "write_synthetic": "feeder.district.synthetic",
}

__all__ = sorted(_HOME)  # noqa: PLE0605 - one list, not two that can differ


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name == "__version__":
        from feeder.version import version

        return version()
    if name not in _HOME:
        raise AttributeError(f"module 'feeder' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
