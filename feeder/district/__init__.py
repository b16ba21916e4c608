"""Reading, checking and repairing a district folder."""

from feeder.district.model import District as District
from feeder.district.read import read_district as read_district
