"""Throughput, latency, CPU and memory of one peer after the other."""

import json
import subprocess
import time

from machine import T, cpu, disk, kill, live, mem, sysstat
from peers import extras, peers, start, stop
from results import rec
from services import pgwal, postgres, provider


def measure(peer, ps, c, secs, warm, rnd, prov, pgp):
    roots = [p.pid for p in ps]
    pre = f"r{rnd}c{c}x{int(time.time())}"
    lg = subprocess.Popen(
        [
            T + "/payload",
            "--port",
            str(peer["port"]),
            "-c",
            str(c),
            "-d",
            str(secs),
            "--warm",
            str(warm),
            "--prefix",
            pre,
        ]
        + peer["load"],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(warm)
    w0 = pgwal() if pgp else None
    a = [cpu([r]) for r in roots]
    b = cpu([pgp.pid]) if pgp else 0
    pv = cpu([prov.pid])
    s0 = sysstat()
    d0 = disk()
    t0 = time.time()
    time.sleep(max(0.1, secs - 0.15))
    a1 = [cpu([r]) for r in roots]
    b1 = cpu([pgp.pid]) if pgp else 0
    pv1 = cpu([prov.pid])
    s1 = sysstat()
    d1 = disk()
    el = time.time() - t0
    hwm, pss = mem(roots)
    pgm = mem([pgp.pid]) if pgp else (0, 0)
    w1 = pgwal() if pgp else None
    out = json.loads(lg.communicate(timeout=secs + 30)[0])
    n = out["pps"] * el / 1000 or 1e-9  # thousand payments in the CPU window
    own = sum(a1) - sum(a)
    known = own + (b1 - b) + (pv1 - pv) + out["load_cpu_s"] * el / out["secs"]
    r = dict(
        kind="run",
        peer=peer["name"],
        round=rnd,
        **out,
        cpu_peer_k=round(own / n, 3),
        cpu_parts_k=[round((y - x) / n, 3) for x, y in zip(a, a1)],
        cpu_pg_k=round((b1 - b) / n, 3),
        cpu_provider_k=round((pv1 - pv) / n, 3),
        cpu_load_k=round(out["load_cpu_s"] / max(out["payments"], 1) * 1000, 3),
        rss_peak_mb=hwm,
        pss_mb=pss,
        pg_pss_mb=pgm[1],
        other_busy_s=round(s1["busy"] - s0["busy"] - known, 2),
        steal_s=round(s1["steal"] - s0["steal"], 2),
        disk_mb_k=round((d1["wr_mb"] - d0["wr_mb"]) / n, 2),
        disk_flush_k=round((d1["flushes"] - d0["flushes"]) / n, 1),
    )
    if w0:
        dt = n * 1.0
        r.update(
            pg_commits_k=round((w1["commits"] - w0["commits"]) / dt),
            wal_sync_k=round((w1["wal_sync"] - w0["wal_sync"]) / dt),
            wal_kb_k=round((w1["wal_bytes"] - w0["wal_bytes"]) / dt / 1000),
        )
    return rec(r)


def cmd_run(o):
    prov = provider()
    pgp = postgres()
    allp = peers()
    names = [n for n in o.peers.split(",") if n]
    for x in extras(o):
        allp[x["name"]] = x
        names.append(x["name"])
    try:
        for rnd in range(o.first, o.first + o.rounds):
            k = rnd % len(names)
            for name in names[k:] + names[:k]:
                peer = allp[name]
                try:
                    ps, cold = start(peer)
                except Exception as ex:
                    print(name, "START FAILED", ex, flush=True)
                    [kill(p) for p in list(live) if p not in (prov, pgp)]
                    continue
                rec(dict(kind="cold", peer=name, round=rnd, seconds=cold))
                print(f"[{time.strftime('%H:%M:%S')}] round {rnd} {name} cold {cold}s", flush=True)
                for c in [int(x) for x in o.conc.split(",")]:
                    r = measure(
                        peer, ps, c, o.secs, o.warm, rnd, prov, pgp if peer.get("pg") else None
                    )
                    print(
                        f"  c={c:<4} {r['pps']:8.1f}/s create {r['create_ms']} capture p50 {r['capture_ms']['p50']} err {r['errors']} {r['first_error'][:80]} cpu/k own {r['cpu_peer_k']} {r['cpu_parts_k']} pg {r['cpu_pg_k']} prov {r['cpu_provider_k']} load {r['cpu_load_k']} other {r['other_busy_s']}s rss {r['rss_peak_mb']} sync/k {r.get('wal_sync_k')} flush/k {r['disk_flush_k']}",
                        flush=True,
                    )
                stop(ps)
    finally:
        for p in list(live):
            kill(p)
