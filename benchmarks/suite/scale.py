"""What many payments cost: in the store, open at start, live as actors, at rest; many connections;
and far more work than there is room for."""
import json
import os
import signal

from cambist import Server, cpu_of, psql
from levels import say


def stored_bytes(server):
    if server.peer["pg"]:
        return int(psql(server.peer["db"], f"select pg_database_size('{server.peer['db']}')"))
    return sum(
        os.path.getsize(os.path.join(server.peer["dirs"][0], f))
        for f in os.listdir(server.peer["dirs"][0])
    )


def by_size(name, around, sizes, seconds, warm):
    """CPU and latency of a payment beside `sizes` others, and what one at rest takes on disk."""
    rows = []
    for size in sizes:
        server = Server(name, around)
        server.prepare()
        took = server.fill(size, "captured")
        at_rest = stored_bytes(server) / size
        server.start(fresh=False)
        run = server.load("-c", 64, "-d", seconds, "--warm", warm)
        server.stop()
        rows.append((size, cpu_of(run), run["pps"], run["create_ms"]["p99"], at_rest))
        say(
            f"  {name} beside {size}: {cpu_of(run):.3f} CPU s/1000, {run['pps']} payments/s, "
            f"{at_rest:.0f} bytes at rest, filled in {took:.0f} s"
        )
    head = [
        "| server | payments in the store | CPU s/1000 | against the smallest | payments/s | create p99 ms | bytes per payment at rest |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return head, [
        f"| {name} | {s:,} | {c:.3f} | {c / rows[0][1]:.2f} | {p:.0f} | {l:.2f} | {b:,.0f} |"
        for s, c, p, l, b in rows
    ]


def restart(name, around, open_payments):
    """kill -9 with many open payments: until /readyz is 200, and until none is open any more."""
    server = Server(name, around)
    server.prepare()
    server.fill(open_payments, "open")
    ready = lambda: server.get("/readyz")[0] == 200  # noqa: E731
    server.launch()
    server.wait_for(ready, 120)
    server.stop(signal.SIGKILL)
    server.launch()
    ready_s = server.wait_for(ready, 120)
    try:
        settled = f"{ready_s + server.wait_for(lambda: not some_open(server), 900, 0.5):.1f}"
    except RuntimeError as why:
        settled = "-"
        say(f"  {name}: {why}")
    rss = server.rss_mib()
    server.stop()
    say(f"  {name}: {open_payments} open: ready after {ready_s:.2f} s, settled after {settled} s")
    head = [
        "| server | open payments | ready after kill -9, s | none open any more after, s | RSS then MiB |",
        "| --- | --- | --- | --- | --- |",
    ]
    return head, [f"| {name} | {open_payments:,} | {ready_s:.2f} | {settled} | {rss:.0f} |"]


def some_open(server):
    for status in ("pending", "processing"):
        code, body = server.get(f"/api/v1/payments?status={status}&limit=1", 10)
        if code != 200 or json.loads(body)["data"]:
            return True
    return False


def idle_connections(name, around, connections):
    env = {"CAMBIST_SERVER_CONNECTIONS_MAX": str(connections + 1_000)}
    env["CAMBIST_SERVER_CONNECTIONS_PER_ADDRESS_MAX"] = str(connections + 1_000)
    env["CAMBIST_SERVER_IDLE_MAX_MS"] = "600000"
    server = Server(name, around, env)
    server.start()
    run = server.load("--idle", connections, "-d", 3)
    server.stop()
    before = run["memory_before_mib"]["server"]["rss"]
    after = run["memory_mib"]["server"]["rss"]
    each = (after - before) * 1024 / max(run["opened"], 1)
    say(f"  {name}: {run['open_at_end']} idle connections, RSS {after} MiB, {each:.1f} KiB each")
    head = [
        "| server | idle connections | open at the end | RSS before MiB | RSS with them MiB | KiB each |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return head, [
        f"| {name} | {connections:,} | {run['open_at_end']:,} | {before} | {after} | {each:.2f} |"
    ]


def live_actors(name, around, payments):
    """Memory with so many payments kept as actors, less what half as many took, for each."""
    env = {"CAMBIST_RUNTIME_IDLE_MAX_MS": "3600000"}
    env["CAMBIST_RUNTIME_LIVE_PAYMENTS_MAX"] = str(payments * 4)
    server = Server(name, around, env)
    server.start()
    # The pools, caches and buffers of a server at work are not the payments' cost: the first half
    # fills them.
    server.load("-c", 16, "--warm", 0, "--payments", payments // 2, "-d", 600, "--only-create")
    rest = 'cambist_actors{kind="payment"}'
    alive, before = server.metric(rest), server.rss_mib("RssAnon")
    server.load("-c", 16, "--warm", 0, "--payments", payments // 2, "-d", 600, "--only-create")
    alive, after = server.metric(rest) - alive, server.rss_mib("RssAnon")
    server.stop()
    each = (after - before) * 1024 / alive if alive else 0
    say(f"  {name}: {alive:.0f} live payments, {each:.2f} KiB each")
    head = [
        "| server | more live payment actors | anonymous memory before MiB | with them MiB | KiB each |",
        "| --- | --- | --- | --- | --- |",
    ]
    return head, [f"| {name} | {alive:,.0f} | {before:.1f} | {after:.1f} | {each:.2f} |"]


def overload(name, around, seconds, warm):
    """Ten times the peak, by clients that do not wait for each other."""
    # As a user has it: what is too much is refused, so the limits of the description are not set.
    env = {"CAMBIST_ADMISSION_WAITING_MIN": "128"}
    server = Server(name, around, env)
    server.start()
    peak = server.load("-c", 64, "-d", seconds, "--warm", warm)
    calm = server.load(
        "--rate", max(1, round(peak["pps"] * 0.8)), "-c", 512, "-d", seconds, "--warm", warm
    )
    flood = server.load(
        *("--rate", round(peak["pps"] * 10), "-c", 2_000, "-d", seconds, "--warm", warm),
        *("--patience-ms", 20),
    )
    server.stop()
    say(
        f"  {name}: peak {peak['pps']}, at ten times of it {flood['pps']} payments/s, accepted p99 "
        f"{flood['create_ms']['p99']} ms, errors {flood['errors_by']}, given up {flood['given_up']}"
    )
    head = [
        "| server | peak payments/s (c=64) | offered | goodput | of the peak | p99 at 80 % of the peak ms | accepted p99 ms | times | refused |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    p99, calm_p99 = flood["create_ms"]["p99"], calm["create_ms"]["p99"] or 1e-9
    return head, [
        f"| {name} | {peak['pps']:.0f} | {flood['rate']:.0f} | {flood['pps']:.0f} "
        f"| {flood['pps'] / max(peak['pps'], 1e-9):.0%} | {calm_p99:.1f} | {p99:.1f} "
        f"| {p99 / calm_p99:.1f} | {flood['errors'] + flood['given_up']:,} |"
    ]
