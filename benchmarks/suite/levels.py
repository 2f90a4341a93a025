"""Throughput, latency and cost: closed loop at several numbers of connections, then open loop at
half of the most that was reached."""
import statistics
import sys

from cambist import Server, cpu_of


def say(text):
    print(text, file=sys.stderr, flush=True)


def measure(server, kind, options, seconds, warm):
    run = server.load("-d", seconds, "--warm", warm, *options)
    run["kind"] = kind
    say(
        f"  {kind:<8} {options[1]:>6} {run['pps']:>8} payments/s  create p50 "
        f"{run['create_ms']['p50']} p99 {run['create_ms']['p99']} ms  cpu/1000 {cpu_of(run):.3f} s  "
        f"errors {run['errors']}"
    )
    return run


def run_round(name, around, connections, seconds, warm, rate=None):
    """One server, started on an empty store, through all levels. `rate` None: half of the peak."""
    server = Server(name, around)
    say(f"{name}: ready after {server.start():.2f} s")
    try:
        runs = [measure(server, "closed", ["-c", c], seconds, warm) for c in connections]
        peak = max(run["pps"] for run in runs)
        chosen = rate or round(peak / 2)
        open_run = measure(server, "open", ["--rate", chosen, "-c", 256], seconds, warm)
        return runs + [open_run]
    finally:
        server.stop()


def spread(values, digits=2):
    """Median (least-most)."""
    if not values:
        return "-"
    shown = [f"{v:.{digits}f}" for v in (statistics.median(values), min(values), max(values))]
    return f"{shown[0]} ({shown[1]}-{shown[2]})"


HEAD = (
    "| server | loop | payments/s | create p50 ms | p95 | p99 | max | capture p50 | p95 | p99 | max "
    "| errors |"
)
COST_HEAD = (
    "| server | loop | CPU s/1000: server | PostgreSQL | server + store | provider | generator "
    "| commits/payment | appends/commit | commit ms | peak RSS MiB | other CPU s |"
)


def rule(head):
    return "|" + " --- |" * (head.count("|") - 1)


def level_of(run):
    return "open, half of the peak" if run["loop"] == "open" else f"closed, c={run['conc']}"


def groups(runs):
    """Runs of the same server at the same level, in the order in which they came first."""
    found = {}
    for name, run in runs:
        found.setdefault((name, level_of(run)), []).append(run)
    return found.items()


def tables(runs):
    out = [HEAD, rule(HEAD)]
    for (name, level), group in groups(runs):
        cells = [spread([r["pps"] for r in group], 0)]
        for request in ("create_ms", "capture_ms"):
            cells += [spread([r[request][q] for r in group]) for q in ("p50", "p95", "p99", "max")]
        cells.append(str(sum(r["errors"] + r["given_up"] + r["unanswered"] for r in group)))
        out.append(f"| {name} | {level} | " + " | ".join(cells) + " |")
    out += ["", COST_HEAD, rule(COST_HEAD)]
    for (name, level), group in groups(runs):
        cost = lambda part: spread(
            [r["cpu_s_per_1000"].get(part, 0) for r in group], 3
        )  # noqa: E731
        journal = lambda part: spread(  # noqa: E731
            [r["journal"][part] for r in group if part in r.get("journal", {})]
        )
        cells = [cost("server"), cost("postgres"), spread([cpu_of(r) for r in group], 3)]
        cells += [cost("provider"), cost("generator")]
        cells += [journal(p) for p in ("commits_per_payment", "appends_per_commit", "commit_ms")]
        cells.append(spread([r["memory_mib"]["server"]["rss_peak"] for r in group], 0))
        cells.append(spread([r["other_cpu_s"] for r in group], 1))
        out.append(f"| {name} | {level} | " + " | ".join(cells) + " |")
    return "\n".join(out)
