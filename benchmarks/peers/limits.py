"""What the machine allows: disk syncs, bare commits, bare HTTP; and the syncs of each peer."""

import json
import os
import signal
import subprocess
import time

from machine import T, cpu, kill, live, spawn, tree, wait_port
from peers import peers, start, stop
from results import rec
from services import P, PGBIN, postgres, provider, psql


def cmd_syncs(o):
    prov = provider()
    pgp = postgres()
    allp = peers()
    try:
        for name in o.peers.split(","):
            peer = allp[name]
            ps, _ = start(peer)
            roots = [p.pid for p in ps] + ([pgp.pid] if peer.get("pg") else [])
            pids = [str(p) for r in roots for p in tree(r)]
            args = []
            for p in pids:
                args += ["-p", p]
            for c in (1, 64):
                f = T + "/strace.txt"
                st = subprocess.Popen(
                    [
                        "strace",
                        "-f",
                        "-c",
                        "-e",
                        "trace=fsync,fdatasync,sync_file_range,msync",
                        "-o",
                        f,
                    ]
                    + args,
                    stderr=subprocess.DEVNULL,
                )
                time.sleep(1)
                l = json.loads(
                    subprocess.run(
                        [
                            T + "/payload",
                            "--port",
                            str(peer["port"]),
                            "-c",
                            str(c),
                            "-d",
                            "4",
                            "--warm",
                            "0",
                            "--prefix",
                            f"s{int(time.time())}",
                        ]
                        + peer["load"],
                        capture_output=True,
                        text=True,
                    ).stdout
                )
                st.send_signal(signal.SIGINT)
                st.wait()
                t = [x.split() for x in open(f) if "sync" in x]
                n = {x[-1]: int(x[3]) for x in t}
                print(
                    json.dumps(
                        rec(
                            dict(
                                kind="syncs",
                                peer=name,
                                conc=c,
                                payments=l["total_done"],
                                calls=n,
                                per_payment=round(sum(n.values()) / max(1, l["total_done"]), 3),
                            )
                        )
                    ),
                    flush=True,
                )
            stop(ps)
    finally:
        for p in list(live):
            kill(p)


def pgbench(clients, script, secs):
    r = subprocess.run(
        [
            PGBIN + "/pgbench",
            "-h",
            "127.0.0.1",
            "-p",
            str(P["pg"]),
            "-U",
            "postgres",
            "-n",
            "-M",
            "prepared",
            "-c",
            str(clients),
            "-j",
            "1",
            "-T",
            str(secs),
            "-f",
            script,
            "bench_limits",
        ],
        capture_output=True,
        text=True,
    )
    t = [l for l in r.stdout.splitlines() if l.startswith("tps")]
    la = [l for l in r.stdout.splitlines() if l.startswith("latency average")]
    if not t:
        raise RuntimeError(r.stderr[-300:])
    return float(t[0].split()[2]), float(la[0].split()[3])


def wrk(port, c, secs):
    r = subprocess.run(
        ["wrk", "-t1", f"-c{c}", f"-d{secs}s", "--latency", f"http://127.0.0.1:{port}/"],
        capture_output=True,
        text=True,
    ).stdout
    return (
        float([l for l in r.splitlines() if l.startswith("Requests/sec")][0].split()[1]),
        [l.split()[1] for l in r.splitlines() if l.strip().startswith("99%")][0],
    )


def cmd_limits(o):
    prov = provider()
    pgp = postgres()
    psql("postgres", "DROP DATABASE IF EXISTS bench_limits WITH (FORCE)")
    psql("postgres", "CREATE DATABASE bench_limits")
    psql("bench_limits", "CREATE TABLE e(seq bigserial PRIMARY KEY, id text, kind text, body text)")
    open(T + "/one.sql", "w").write(
        "INSERT INTO e(id,kind,body) VALUES('pay-1','authorize_requested',repeat('x',200));\n"
    )
    open(T + "/fifty.sql", "w").write(
        "INSERT INTO e(id,kind,body) SELECT 'pay-'||g,'authorize_requested',repeat('x',200) FROM generate_series(1,50) g;\n"
    )
    be = (
        spawn([T + "/beast", str(P["beast"])], log="beast")
        if os.path.exists(T + "/beast")
        else None
    )
    if be:
        wait_port(P["beast"])
    S = o.secs
    f = T + "/limit.db"

    def lim(what, **k):
        print(json.dumps(rec(dict(kind="limit", what=what, **k))), flush=True)

    try:
        for rnd in range(o.rounds):
            for b, pre in ((512, 1), (4096, 1), (4096, 0)):
                j = json.loads(
                    subprocess.run(
                        [T + "/fdsync", T + "/fd.bin", str(b), str(min(S, 5)), str(pre)],
                        capture_output=True,
                        text=True,
                    ).stdout
                )
                lim(f"fdatasync {b} B {'preallocated' if pre else 'growing file'}", **j)
            for c in (1, 16, 64):
                for s, rows in (("one", 1), ("fifty", 50)):
                    c0 = cpu([pgp.pid])
                    tps, lat = pgbench(c, f"{T}/{s}.sql", S)
                    cc = cpu([pgp.pid]) - c0
                    lim(
                        f"pgbench {rows} row/commit c={c}",
                        commits_s=tps,
                        rows_s=tps * rows,
                        lat_ms=lat,
                        cpu_us_per_commit=round(cc / (tps * S) * 1e6, 1),
                    )
            for sy in ("full", "normal"):
                for rows in (1, 50):
                    j = json.loads(
                        subprocess.run(
                            [T + "/sqlite_commit", f, sy, str(rows), str(min(S, 6))],
                            capture_output=True,
                            text=True,
                        ).stdout
                    )
                    lim(f"sqlite WAL {sy} {rows} row/commit", **j)
            c0 = cpu([prov.pid])
            q, p99 = wrk(P["provider"], 64, S)
            lim(
                "nginx return 200, wrk c=64",
                req_s=q,
                p99=p99,
                cpu_us_per_req=round((cpu([prov.pid]) - c0) / (q * S) * 1e6, 2),
            )
            if be:
                c0 = cpu([be.pid])
                q, p99 = wrk(P["beast"], 64, S)
                lim(
                    "Boost.Beast 1 thread, wrk c=64",
                    req_s=q,
                    p99=p99,
                    cpu_us_per_req=round((cpu([be.pid]) - c0) / (q * S) * 1e6, 2),
                )
    finally:
        for p in list(live):
            kill(p)
