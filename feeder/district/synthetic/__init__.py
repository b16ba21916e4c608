"""The synthetic district: an invented city with planted communities, as a district folder."""

from feeder.district.synthetic.district import SMALLEST as SMALLEST
from feeder.district.synthetic.district import write_synthetic as write_synthetic
from feeder.district.synthetic.zones import NOISE as NOISE
