"""The ratios that Cambist is held to: each round against the peer of the same round, so that what
disturbed one disturbed both; then the median and the least and most of the rounds."""
import json
import os
import statistics

from results import OUT


def value_of(run, what):
    if what == "cpu":
        return run["cpu_peer_k"] + run["cpu_pg_k"]
    if what == "create_p50":
        return run["create_ms"]["p50"]
    return run[what]


# Of the CPU seconds that the window has: above it something else was running. The fair peer beside a
# disturbed one would be a lie in either direction, so such a round gives no ratio.
OTHER_MAX = 0.05


def quiet(run):
    return run["other_busy_s"] <= OTHER_MAX * run["secs"] * os.cpu_count()


def ratio(runs, ours, theirs, conc, what):
    """The ratios of the quiet rounds that had both, and how many were disturbed."""
    found = {}
    for run in runs:
        if run["conc"] == conc and run["peer"] in (ours, theirs):
            found.setdefault((run["session"], run["round"]), {})[run["peer"]] = run
    both = [v for v in found.values() if len(v) == 2]
    calm = [v for v in both if quiet(v[ours]) and quiet(v[theirs])]
    values = [(value_of(v[ours], what), value_of(v[theirs], what)) for v in calm]
    return [mine / other for mine, other in values if other > 0], len(both) - len(calm)


# measure, who of ours, against whom, connections, what, how many digits
ROWS = [
    ("CPU per 1000 payments, server + store, c=64", "cambist-postgres", "base", 64, "cpu"),
    ("CPU per 1000 payments, server + store, c=64", "cambist-sqlite", "base", 64, "cpu"),
    ("payments/s, c=64", "cambist-postgres", "base", 64, "pps"),
    ("payments/s, c=64", "cambist-sqlite", "base", 64, "pps"),
    ("payments/s, c=64", "cambist-postgres", "restate-4p", 64, "pps"),
    ("payments/s, c=64", "cambist-sqlite", "restate-4p", 64, "pps"),
    ("payments/s, c=64", "cambist-postgres", "dbos", 64, "pps"),
    ("payments/s, c=64", "cambist-sqlite", "dbos", 64, "pps"),
    ("create p50, c=1", "cambist-postgres", "base", 1, "create_p50"),
    ("create p50, c=1", "cambist-sqlite", "base", 1, "create_p50"),
]
GOALS = {
    ("cambist-postgres", "base", "cpu"): ("<= 0.33", "0.20"),
    ("cambist-sqlite", "base", "cpu"): ("<= 0.25", "0.14"),
    ("*", "base", "pps"): (">= 2.5", "4"),
    ("*", "restate-4p", "pps"): (">= 5", "10"),
    ("*", "dbos", "pps"): (">= 10", "20"),
    ("*", "base", "create_p50"): ("<= 0.7", "0.4"),
}


def with_sessions(lines):
    """Rounds are numbered anew in each session of bench.py: a round that comes again is another."""
    session, seen = 0, set()
    for line in lines:
        if line["kind"] != "run":
            continue
        key = (line["peer"], line["round"], line["conc"])
        if key in seen:
            session, seen = session + 1, set()
        seen.add(key)
        yield {**line, "session": session}


def table(lines, base="node-cte"):
    runs = list(with_sessions(lines))
    out = [
        "| measure | server | against | must reach | aim | median (least-most) | rounds | disturbed |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, ours, theirs, conc, what in ROWS:
        each, disturbed = ratio(runs, ours, base if theirs == "base" else theirs, conc, what)
        if not each and not disturbed:
            continue
        shown = "no quiet round"
        if each:
            shown = f"{statistics.median(each):.2f} ({min(each):.2f}-{max(each):.2f})"
        must, aim = GOALS.get((ours, theirs, what)) or GOALS[("*", theirs, what)]
        peer = base if theirs == "base" else theirs
        out.append(
            f"| {name} | {ours} | {peer} | {must} | {aim} "
            f"| {shown} | {len(each)} | {disturbed} |"
        )
    return "\n".join(out)


def cmd_ratios(o):
    with open(OUT, encoding="utf-8") as lines:
        print(table([json.loads(line) for line in lines], o.base))
