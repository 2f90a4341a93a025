#!/usr/bin/env python3
"""suite.py - measures Cambist and writes a dated Markdown file into benchmarks/results/.

  suite.py levels   closed loop at several numbers of connections, open loop at half of the peak
  suite.py scale    many payments in the store, open, live, at rest; connections; overload
  suite.py journal  rows per second of the writer beside a bare batched insert
  suite.py peers    Cambist and the peers interleaved, and the ratios

scripts/bench builds what this needs and calls it.
"""
import argparse
import os
import platform
import shlex
import subprocess
import sys
import time

import journal
import levels
import scale
from cambist import BIN, ROOT, T, Surroundings

STORES = ["cambist-sqlite", "cambist-postgres"]


def git(*words):
    out = subprocess.run(
        ["git", "-C", ROOT, *words], stdout=subprocess.PIPE, text=True, check=False
    )
    return out.stdout.strip()


def cpu_name():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


class Result:
    """The file of one day and commit; each part is added as soon as it is measured."""

    def __init__(self, folder, command):
        commit = git("rev-parse", "--short", "HEAD") or "unknown"
        if git("status", "--porcelain", "--untracked-files=no"):
            commit += "-changed"
        os.makedirs(folder, exist_ok=True)
        self.path = os.path.join(folder, f"{time.strftime('%Y-%m-%d')}-{commit}.md")
        fresh = not os.path.exists(self.path)
        self.add(
            (f"# Measured {time.strftime('%Y-%m-%d')} at {commit}\n" if fresh else "")
            + f"\n## {time.strftime('%H:%M')} `{command}`\n\n"
            + f"{os.cpu_count()} cores, {cpu_name()}, Linux {platform.release()}, preset release; "
            + "server, store, provider and generator share them. Medians (least-most) over the rounds."
        )

    def add(self, text):
        with open(self.path, "a", encoding="utf-8") as out:
            out.write(text + "\n")


def stores(o):
    chosen = o.servers.split(",") if o.servers else STORES
    return chosen


def surroundings(names):
    return Surroundings(any("postgres" in name for name in names))


def cmd_levels(o, result):
    names = stores(o)
    runs = []
    with surroundings(names) as around:
        for number in range(o.rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                connections = [int(c) for c in o.conc.split(",")]
                got = levels.run_round(name, around, connections, o.secs, o.warm, o.rate)
                runs += [(name, run) for run in got]
    result.add("\n" + levels.tables(runs))


def cmd_scale(o, result):
    names = stores(o)
    sizes = [int(s) for s in o.sizes.split(",")]
    parts = {
        "size": lambda n, a: scale.by_size(n, a, sizes, o.secs, o.warm),
        "restart": lambda n, a: scale.restart(n, a, o.open),
        "idle": lambda n, a: scale.idle_connections(n, a, o.idle),
        "live": lambda n, a: scale.live_actors(n, a, o.live),
        "overload": lambda n, a: scale.overload(n, a, o.secs, o.warm),
    }
    with surroundings(names) as around:
        for part in o.parts.split(",") if o.parts else parts:
            levels.say(f"{part}")
            head, rows = [], []
            for name in names:
                head, more = parts[part](name, around)
                rows += more
            result.add("\n" + "\n".join(head + rows))


def cmd_journal(o, result):
    names = stores(o)
    with surroundings(names) as around:
        result.add("\n" + "\n".join(journal.measure(names, around, o.rounds, o.secs)))


def cmd_peers(o, result):
    folder = os.path.join(ROOT, "benchmarks", "peers")
    extra = ",".join(os.path.join(folder, f"{name}.json") for name in stores(o))
    recorded = os.path.join(T, "results.jsonl")
    if os.path.exists(recorded):
        os.rename(recorded, f"{recorded}.{int(time.time())}")
    bench = [sys.executable, os.path.join(folder, "bench.py")]
    window = ["--secs", str(max(1, round(o.secs))), "--warm", str(max(1, round(o.warm)))]
    subprocess.run(
        bench + ["run", "--peers", o.peers, "--extra", extra, "--conc", o.conc]
        + ["--rounds", str(o.rounds), *window],
        check=True,
    )  # fmt: skip
    for table in ("ratios", "report"):
        made = subprocess.run([*bench, table], check=True, stdout=subprocess.PIPE, text=True)
        result.add("\n" + made.stdout.strip())


def main():
    a = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    a.add_argument("cmd", choices=["levels", "scale", "journal", "peers"])
    a.add_argument("--rounds", type=int, default=3)
    a.add_argument("--secs", type=float, default=10)
    a.add_argument("--warm", type=float, default=2)
    a.add_argument("--conc", default="1,16,64,256", help="connections of the closed loop")
    a.add_argument("--rate", type=float, help="of the open loop [half of the peak]")
    a.add_argument("--servers", help="descriptions in benchmarks/peers/ [both stores]")
    a.add_argument("--peers", default="node-cte,restate-4p,dbos")
    a.add_argument("--parts", help="of scale: size, restart, idle, live, overload [all]")
    a.add_argument("--sizes", default="1000,100000,2000000")
    a.add_argument("--open", type=int, default=100_000)
    a.add_argument("--idle", type=int, default=10_000)
    a.add_argument("--live", type=int, default=20_000)
    a.add_argument("--results", default=os.path.join(ROOT, "benchmarks", "results"))
    a.add_argument("--said", help="the command that a reader can repeat")
    o = a.parse_args()
    result = Result(o.results, o.said or shlex.join(sys.argv))
    commands = {
        "levels": cmd_levels,
        "scale": cmd_scale,
        "journal": cmd_journal,
        "peers": cmd_peers,
    }
    commands[o.cmd](o, result)
    levels.say(f"written: {os.path.relpath(result.path, ROOT)}")


if __name__ == "__main__":
    main()
