"""What was measured, one JSON line each, and the tables made from it."""

import json
import statistics
import time

from machine import T

OUT = T + "/results.jsonl"


def rec(r):
    r["at"] = time.strftime("%H:%M:%S")
    open(OUT, "a").write(json.dumps(r) + "\n")
    return r


def med(v, d=1):
    v = [x for x in v if x is not None]
    if not v:
        return "-"
    return f"{statistics.median(v):.{d}f} ({min(v):.{d}f}-{max(v):.{d}f})"


def cmd_report(o):
    R = [json.loads(l) for l in open(OUT)]
    runs = [r for r in R if r["kind"] == "run"]
    names = list(dict.fromkeys(r["peer"] for r in runs))
    print(
        "| peer | c | payments/s | quietest round (other CPU s) | create p50 ms | create p95 | create p99 | capture p50 | capture p95 | capture p99 | errors | rounds |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for c in sorted(set(r["conc"] for r in runs)):
        for n in names:
            g = [r for r in runs if r["peer"] == n and r["conc"] == c]
            if g:
                q = min(g, key=lambda r: r["other_busy_s"])
                print(
                    f"| {n} | {c} | {med([r['pps'] for r in g], 0)} | {q['pps']:.0f} ({q['other_busy_s']:.1f}) | "
                    + " | ".join(
                        med([r[k][q] for r in g], 2)
                        for k in ("create_ms", "capture_ms")
                        for q in ("p50", "p95", "p99")
                    )
                    + f" | {sum(r['errors'] for r in g)} | {len(g)} |"
                )
    print(
        "\nCPU-seconds per 1000 payments (medians, min-max), commits, disk and memory\n\n| peer | c | peer's own | parts | PostgreSQL | own+PG | provider | load | PG commits/payment | WAL syncs/payment | disk flushes/payment | disk kB/payment | other CPU s |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for c in sorted(set(r["conc"] for r in runs)):
        for n in names:
            g = [r for r in runs if r["peer"] == n and r["conc"] == c]
            if not g:
                continue
            parts = " + ".join(
                f"{statistics.median([r['cpu_parts_k'][i] for r in g]):.2f}"
                for i in range(len(g[0]["cpu_parts_k"]))
            )

            def k(f, s=1.0):
                return med([r[f] / s if f in r else None for r in g], 2)

            print(
                f"| {n} | {c} | {k('cpu_peer_k')} | {parts} | {k('cpu_pg_k')} | {med([r['cpu_peer_k'] + r['cpu_pg_k'] for r in g], 2)} | {k('cpu_provider_k')} | {k('cpu_load_k')} | {k('pg_commits_k', 1000)} | {k('wal_sync_k', 1000)} | {k('disk_flush_k', 1000)} | {k('disk_mb_k')} | {k('other_busy_s')} |"
            )
    print(
        "\n| peer | cold start s (fresh state) | peak RSS MiB (sum of VmHWM) | PSS MiB after c=256 or last | PG PSS MiB |\n|---|---|---|---|---|"
    )
    for n in names:
        g = [r for r in runs if r["peer"] == n]
        top = max(r["conc"] for r in g)
        h = [r for r in g if r["conc"] == top]
        print(
            f"| {n} | {med([r['seconds'] for r in R if r['kind'] == 'cold' and r['peer'] == n], 2)} | {med([r['rss_peak_mb'] for r in h], 0)} | {med([r['pss_mb'] for r in h], 0)} | {med([r['pg_pss_mb'] for r in h], 0)} |"
        )
    lim = [r for r in R if r["kind"] == "limit"]
    print("\n| limit | median (min-max) |\n|---|---|")
    for w in dict.fromkeys(r["what"] for r in lim):
        g = [r for r in lim if r["what"] == w]
        ks = [
            k
            for k in (
                "req_s",
                "syncs_s",
                "commits_s",
                "rows_s",
                "p50_us",
                "p99_us",
                "lat_ms",
                "cpu_us_per_commit",
                "cpu_us_per_req",
            )
            if k in g[0]
        ]
        print(
            f"| {w} | "
            + "; ".join(
                f"{k} {med([r[k] for r in g], 2 if k == 'lat_ms' else 0 if k != 'cpu_us_per_req' else 1)}"
                for k in ks
            )
            + " |"
        )
    for r in R:
        if r["kind"] in ("crash", "syncs"):
            print("\n" + json.dumps(r))
