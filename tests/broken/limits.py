"""The scenario: values, schools it names, and limits that cannot hold together."""

from broken.case import add, broken, odd, swap, toml

KEEP = 'keep_apart = [["h1", "h2"]]\n'

VALUES = [
    broken(
        "a misspelt key of the scenario", "unknown-key", toml("communities = 2", "comunities = 2")
    ),
    broken("a tolerance in percent", "scenario-value", toml("tolerance = 0.5", "tolerance = 15")),
    broken("a tolerance that is nan", "scenario-value", toml("tolerance = 0.5", "tolerance = nan")),
    broken("a negative tolerance", "scenario-value", toml("tolerance = 0.5", "tolerance = -0.5")),
    broken("no communities", "scenario-value", toml("communities = 2", "communities = 0")),
    broken("half a community", "scenario-value", toml("communities = 2", "communities = 2.5")),
    broken("a negative seed", "scenario-value", add("seed = -1\n")),
    broken("a seed of forty digits", "scenario-value", add(f"seed = {'9' * 40}\n")),
    broken("the fewest schools above the most", "scenario-value", toml("[3, 11]", "[11, 3]")),
    broken("the schools as one number", "scenario-value", toml("[3, 11]", "11")),
    broken("a negative weight", "scenario-value", add("weights = { cut_contacts = -1 }\n")),
    broken("a weight without end", "scenario-value", add("weights = { cut_contacts = inf }\n")),
    broken("a weight of no measure", "scenario-value", add("weights = { cut_contact = 1 }\n")),
    broken("a group of one school", "scenario-value", add('keep_together = [["e1"]]\n')),
    broken("a group that is no list", "scenario-value", add('keep_together = ["e1", "e2"]\n')),
    broken("locks that are a list", "scenario-value", add('locked = ["e1"]\n')),
    broken("a policy misspelt", "scenario-value", add('choice_schools = "aprat"\n')),
    broken("nested in a number", "scenario-value", add("nested_in = 5\n")),
]

LIMITS = [
    broken("a lock of a school nobody knows", "unknown-school", add('locked = { e9 = "X" }\n')),
    broken(
        "groups of schools nobody knows",
        "unknown-school unknown-school",
        add('keep_together = [["e1", "E2"], ["e3", "e10"]]\n'),
    ),
    broken(
        "need bounded where none is given",
        "no-need",
        add("need_tolerance = 0.2\n"),
        toml("need = { learners = 1.0 }\n", ""),
    ),
    broken(
        "utilization bounded where no capacity is given",
        "no-capacity",
        add("capacity_tolerance = 0.2\n"),
    ),
    broken(
        "too many communities for the schools",
        "infeasible infeasible infeasible",
        toml("communities = 2", "communities = 5"),
    ),
    broken(
        "too few communities for the schools",
        "infeasible infeasible",
        toml("communities = 2", "communities = 1"),
    ),
    broken(
        "more communities than high schools",
        "infeasible",
        toml("communities = 2", "communities = 3"),
    ),
    broken(
        "a school above the ceiling",
        "infeasible",
        swap("schools.csv", "700,9-12", "70000,9-12"),
        toml("tolerance = 0.5", "tolerance = 0.05"),
    ),
    broken(
        "a tolerance that the regions cannot keep",
        "infeasible",
        add('nested_in = "region"\n'),
        swap("schools.csv", "240,K-5,West", "2400,K-5,West"),
        toml("tolerance = 0.5", "tolerance = 0.05"),
    ),
    broken(
        "regions against communities",
        "infeasible",
        add('nested_in = "region"\n'),
        swap("schools.csv", "240,K-5,West,,40\ne2", "240,K-5,North,,40\ne2"),
    ),
    broken("together and apart", "infeasible", add('keep_together = [["h1", "h2"]]\n')),
    broken(
        "apart, yet locked to one community", "infeasible", add('locked = { h1 = "X", h2 = "X" }\n')
    ),
    broken(
        "together, yet locked to two communities",
        "infeasible",
        add('keep_together = [["e1", "e2"]]\nlocked = { e1 = "X", e2 = "Y" }\n'),
    ),
    broken(
        "locks to more communities than there are",
        "infeasible",
        add('locked = { e1 = "X", e3 = "Y", e7 = "Z" }\n'),
    ),
    broken(
        "more schools apart than communities",
        "infeasible",
        toml(KEEP, 'keep_apart = [["h1", "h2", "m1"]]\n'),
    ),
    broken(
        "one campus apart",
        "infeasible",
        swap("schools.csv", "40.009,-74.992", "40.0111,-74.989"),
        toml(KEEP, 'keep_apart = [["h1", "m1"]]\n'),
    ),
    broken(
        "locked across regions",
        "infeasible",
        add('nested_in = "region"\nlocked = { e1 = "X", e3 = "X" }\n'),
    ),
    broken(
        "all at once",
        "infeasible infeasible infeasible unknown-school",
        toml("communities = 2", "communities = 3"),
        toml("[3, 11]", "[12, 24]"),
        add('keep_together = [["h1", "h2"]]\nlocked = { e9 = "X" }\n'),
    ),
    odd(
        "hostile names of communities",
        "",
        add('locked = { h1 = "=1+1", h2 = "</script>../../{{7*7}}\\u202e" }\n'),
    ),
]
CASES = [*VALUES, *LIMITS]
