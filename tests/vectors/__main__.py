"""Write the test vectors anew: ``PYTHONPATH=tests python -m vectors``.

One file a district: its facts, plans of it, and the scorecard that Python makes of each. They are
made anew when a definition changes on purpose, and the difference is read before it is committed.
"""

from vectors.cases import DISTRICTS, FOLDER, vector
from vectors.expected import compact

for district in DISTRICTS:
    (FOLDER / f"{district}.json").write_text(f"{compact(vector(district))}\n", encoding="utf-8")
