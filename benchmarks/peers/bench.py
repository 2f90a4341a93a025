#!/usr/bin/env python3
"""bench.py - runs the payment peers and the physical limits, interleaved, and records JSON lines.

  bench.py run     [--peers node,node-cte,…] [--conc 1,16,64,256] [--rounds 3] [--secs 10] [--warm 2]
  bench.py crash   [--peers …]    kill -9 under load, restart, retry; counts provider calls per payment
  bench.py limits  [--rounds 3]   pgbench, SQLite, fdatasync, nginx and Beast ceilings
  bench.py syncs   [--peers …]    fdatasync/fsync calls per payment, by strace (slows; counts only)
  bench.py report                 medians and min-max of everything recorded, as Markdown
  bench.py ratios  [--base node-cte]  the ratios of the project's table, from everything recorded

Peers: node, node-cte, node-recover, dbos, dbos-table, restate, restate-4p, bull.

An own server is added with --extra FILE.json[,FILE.json]. $VARIABLES in it are filled in, with
$PROVIDER, $PEERS_TMP and $PEERS_DATABASE (a URL without the name) beside those of the environment:
  {"name": "cpp", "port": 18070, "env": {"PROVIDER": "$PROVIDER"},
   "cmds": [["$REPO/build/release/bin/server", "--port", "18070"]],
   "load": ["--path1", "/payments", "--path2", "/payments/{rid}/capture", "--header", "A: b"],
   "pg": false, "db": "", "dirs": ["$PEERS_TMP/cpp-data"]}
"db" names a database made fresh before each start; dirs are emptied before each start. Everything
runs below $PEERS_TMP (default /tmp/peers), on 127.0.0.1.
"""
import argparse
import signal
import sys

from crashes import cmd_crash
from limits import cmd_limits, cmd_syncs
from ratios import cmd_ratios
from results import cmd_report
from runs import cmd_run

COMMANDS = {
    "run": cmd_run,
    "crash": cmd_crash,
    "limits": cmd_limits,
    "syncs": cmd_syncs,
    "report": cmd_report,
    "ratios": cmd_ratios,
}


def main():
    a = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    a.add_argument("cmd", choices=list(COMMANDS))
    a.add_argument("--peers", default="node,node-cte,dbos,restate,bull")
    a.add_argument("--conc", default="1,16,64,256", help="connections")
    a.add_argument("--conc1", type=int, default=64, help="connections of the crash test")
    a.add_argument("--rounds", type=int, default=3)
    a.add_argument("--first", type=int, default=0, help="number of the first round")
    a.add_argument("--secs", type=int, default=10)
    a.add_argument("--warm", type=int, default=2)
    a.add_argument("--settle", type=int, default=12, help="seconds that recovery gets alone")
    a.add_argument("--extra", help="JSON files of own servers")
    a.add_argument("--base", default="node-cte", help="what ratios are against")
    o = a.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    COMMANDS[o.cmd](o)


if __name__ == "__main__":
    main()
