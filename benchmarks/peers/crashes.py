"""What is lost, resumed and repeated when every process of a peer is killed under load."""

import json
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

from machine import T, kill, live
from peers import extras, one_payment, peers, start, stop
from results import rec
from services import postgres, provider, psql


def calls(log):
    n = {}
    for l in open(log, errors="replace"):
        u = l.split()
        if u and (u[0].startswith("/authorize/p") or u[0].startswith("/capture/p")):
            n[u[0]] = n.get(u[0], 0) + 1
    return n


def cmd_crash(o):
    allp = peers()
    for x in extras(o):
        allp[x["name"]] = x
        o.peers += ("," if o.peers else "") + x["name"]
    try:
        for name in o.peers.split(","):
            log = f"{T}/provider-calls.log"
            open(log, "w").close()
            prov = provider(log + " calls")
            pgp = postgres()
            peer = allp[name]
            ps, _ = start(peer)
            done = T + "/done.log"
            N = o.conc1
            pre = f"p{int(time.time())}"
            lg = subprocess.Popen(
                [
                    T + "/payload",
                    "--port",
                    str(peer["port"]),
                    "-c",
                    str(N),
                    "-d",
                    "30",
                    "--warm",
                    "0",
                    "--prefix",
                    pre,
                    "--done-log",
                    done,
                ]
                + peer["load"],
                stdout=subprocess.DEVNULL,
            )
            time.sleep(3)
            lg.send_signal(
                signal.SIGSTOP
            )  # freeze the client first: its log then says exactly what was acknowledged
            for p in ps:
                os.killpg(
                    p.pid, signal.SIGKILL
                )  # then kill every process of the peer; PostgreSQL and the provider stay up
            for p in ps:
                kill(p, signal.SIGKILL)
            lg.kill()
            lg.wait()
            time.sleep(0.3)
            before = calls(log)
            started, acked = [], set()
            for l in open(done):
                w = l.split()
                if len(w) == 2:
                    started.append(w[1]) if w[0] == "start" else acked.add((w[0], w[1]))
            op = {"create": "authorize", "capture": "capture"}
            fl = [
                ("create" if ("create", i) not in acked else "capture", i)
                for i in started
                if ("capture", i) not in acked
            ]

            def url(k):
                return f"/{op[k[0]]}/{k[1]}"

            ps, up = start(peer, fresh=False)
            t_up = time.time()
            last = t_up
            seen = sum(calls(log).values())
            while time.time() - t_up < o.settle:  # let recovery work with no client asking
                time.sleep(0.25)
                n = sum(calls(log).values())
                if n != seen:
                    seen, last = n, time.time()
            mid = calls(log)
            res = dict(ok=0, c409=0, other=0)
            slow = [0.0]
            bad = []

            def one(k):
                t = time.time()
                try:
                    one_payment(peer, k[1], 20)
                    res["ok"] += 1
                except urllib.error.HTTPError as e:
                    res["c409" if e.code == 409 else "other"] += 1
                    bad.append(f"{k[0]} {e.code}")
                except Exception as e:
                    res["other"] += 1
                    bad.append(f"{k[0]} {type(e).__name__}")
                slow[0] = max(slow[0], time.time() - t)

            def sweep(q):
                def work():
                    while q:
                        try:
                            k = q.pop()
                        except IndexError:
                            return
                        one(k)

                th = [threading.Thread(target=work) for _ in range(8)]
                [t.start() for t in th]
                [t.join() for t in th]

            sweep(list(fl))
            time.sleep(0.3)
            after = calls(log)
            fres = dict(res)
            res.update(ok=0, c409=0, other=0)
            full = [("capture", i) for i in started if ("capture", i) in acked][-200:]
            sweep(list(full))
            time.sleep(0.3)
            end = calls(log)
            st = None
            if peer.get("db"):
                st = psql(
                    peer["db"],
                    "select status||'='||count(*) from "
                    + ("dbos.workflow_status" if name.startswith("dbos") else "payments")
                    + " group by status order by 1",
                ).replace("\n", " ")
            r = rec(
                dict(
                    kind="crash",
                    peer=name,
                    conc=N,
                    started=len(started),
                    in_flight=len(fl),
                    in_flight_provider_already_called=sum(1 for k in fl if before.get(url(k), 0)),
                    restart_to_first_payment_s=up,
                    provider_calls_by_recovery_alone=sum(mid.values()) - sum(before.values()),
                    last_recovery_call_s_after_up=round(last - t_up, 2),
                    in_flight_called_twice=sum(1 for k in fl if after.get(url(k), 0) > 1),
                    in_flight_called_never=sum(1 for k in fl if not after.get(url(k), 0)),
                    max_calls_one_op=max(end.values(), default=0),
                    retry_of_in_flight=fres,
                    slowest_retry_s=round(slow[0], 2),
                    retry_bad=sorted(set(bad))[:4],
                    acked_resent=len(full),
                    acked_resent_result=dict(res),
                    acked_resent_new_provider_calls=sum(end.values()) - sum(after.values()),
                    server_state=st,
                )
            )
            print(json.dumps(r), flush=True)
            stop(ps)
            kill(pgp)
            kill(prov)
    finally:
        for p in list(live):
            kill(p)
