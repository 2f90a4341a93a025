"""Rows per second of the journal's writer beside those of a bare batched insert, in turn."""
import json
import subprocess

from cambist import BIN, T, Server, fresh_db, psql
from levels import say, spread
from limits import pgbench

BATCHES = (5, 64, 256)  # payments; the first makes commits of about the rows of the bare insert
BARE_ROWS = 50


def last_line(command):
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(out.strip().splitlines()[-1])


def bare_sqlite(secs):
    command = [f"{T}/sqlite_commit", f"{T}/limit.db", "full", str(BARE_ROWS), str(int(secs))]
    return last_line(command)["rows_s"]


def bare_postgres(secs):
    fresh_db("bench_limits")
    psql(
        "bench_limits",
        "CREATE TABLE e(seq bigserial PRIMARY KEY, id text, kind text, body text)",
    )
    script = f"{T}/fifty.sql"
    with open(script, "w", encoding="ascii") as out:
        out.write(
            "INSERT INTO e(id,kind,body) SELECT 'pay-'||g,'authorize_requested',repeat('x',200) "
            f"FROM generate_series(1,{BARE_ROWS}) g;\n"
        )
    return pgbench(1, script, int(secs))[0] * BARE_ROWS


def measure(names, around, rounds, secs):
    rows = {}
    for number in range(rounds):
        for name in names:
            server = Server(name, around)
            bare = bare_postgres(secs) if server.peer["pg"] else bare_sqlite(secs)
            rows.setdefault((name, 0), []).append((bare, 1.0))
            for batch in BATCHES:
                server.prepare()
                made = last_line(
                    [f"{BIN}/cambist-fill", *server.where(), "--journal", str(batch)]
                    + ["--first", str(number), "--seconds", str(secs)]
                )
                rows.setdefault((name, batch), []).append((made["rows_s"], made["rows_s"] / bare))
                say(f"  {name} batch {batch}: {made['rows_s']:.0f} rows/s, bare {bare:.0f}")
    head = [
        "| store | batch | rows/s | of the bare insert |",
        "| --- | --- | --- | --- |",
    ]
    lines = []
    for (name, batch), group in rows.items():
        what = f"{batch} payments" if batch else f"bare insert, {BARE_ROWS} rows, one connection"
        shares = spread([share for _, share in group]) if batch else "1"
        lines.append(f"| {name} | {what} | {spread([r for r, _ in group], 0)} | {shares} |")
    return head + lines
