"""From a district folder to an output folder: the only place that knows every stage."""

from feeder.ensemble.model import Ensemble as Ensemble
from feeder.pipeline.candidates import Candidates as Candidates
from feeder.pipeline.candidates import candidate_plans as candidate_plans
from feeder.pipeline.compared import comparison_page as comparison_page
from feeder.pipeline.ensembles import sample_ensemble as sample_ensemble
from feeder.pipeline.ensembles import write_ensemble as write_ensemble
from feeder.pipeline.goals import PlanGoals as PlanGoals
from feeder.pipeline.goals import plan_goals as plan_goals
from feeder.pipeline.packet import board_packet as board_packet
from feeder.pipeline.plan import Plan as Plan
from feeder.pipeline.proving import certificate_text as certificate_text
from feeder.pipeline.runs import compare_plans as compare_plans
from feeder.pipeline.runs import embedded_district as embedded_district
from feeder.pipeline.runs import open_plan as open_plan
from feeder.pipeline.runs import plan_district as plan_district
from feeder.pipeline.runs import prepare_district as prepare_district
from feeder.pipeline.runs import score_plan as score_plan
from feeder.pipeline.stages import STAGES as STAGES
from feeder.pipeline.stages import Progress as Progress
