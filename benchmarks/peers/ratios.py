"""The ratios that Cambist is held to: each round against the peer of the same round, so that what
disturbed one disturbed both; then the median and the least and most of the rounds."""
import json
import statistics

from results import OUT


def value_of(run, what):
    if what == "cpu":
        return run["cpu_peer_k"] + run["cpu_pg_k"]
    if what == "create_p50":
        return run["create_ms"]["p50"]
    return run[what]


def ratio(runs, ours, theirs, conc, what):
    """Median, least, most, and how many rounds had both; None when none had."""
    found = {}
    for run in runs:
        if run["conc"] == conc and run["peer"] in (ours, theirs):
            found.setdefault((run["session"], run["round"]), {})[run["peer"]] = value_of(run, what)
    each = [v[ours] / v[theirs] for v in found.values() if len(v) == 2 and v[theirs] > 0]
    if not each:
        return None
    return statistics.median(each), min(each), max(each), len(each)


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
        "| measure | server | against | must reach | aim | measured: median (least-most) | rounds |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, ours, theirs, conc, what in ROWS:
        got = ratio(runs, ours, base if theirs == "base" else theirs, conc, what)
        if got is None:
            continue
        must, aim = GOALS.get((ours, theirs, what)) or GOALS[("*", theirs, what)]
        peer = base if theirs == "base" else theirs
        out.append(
            f"| {name} | {ours} | {peer} | {must} | {aim} "
            f"| {got[0]:.2f} ({got[1]:.2f}-{got[2]:.2f}) | {got[3]} |"
        )
    return "\n".join(out)


def cmd_ratios(o):
    with open(OUT, encoding="utf-8") as lines:
        print(table([json.loads(line) for line in lines], o.base))
