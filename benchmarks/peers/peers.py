"""The peers: how each is started and which requests make a payment there."""

import glob
import json
import os
import shutil
import signal
import time
import urllib.error
import urllib.request

from machine import T, kill, spawn, wait_port
from services import APP, HERE, NODE, P, PROVIDER, dburl, fresh_db

REST_LOAD = ["--path1", "/payments", "--path2", "/payments/{id}/capture"]


def renv(nparts=None):
    e = {
        "RESTATE_BASE_DIR": T + "/restate-data",
        "RESTATE_INGRESS__BIND_ADDRESS": f"127.0.0.1:{P['ring']}",
        "RESTATE_ADMIN__BIND_ADDRESS": f"127.0.0.1:{P['radm']}",
        "RESTATE_BIND_ADDRESS": f"127.0.0.1:{P['rnode']}",
        "RESTATE_ADVERTISED_ADDRESS": f"http://127.0.0.1:{P['rnode']}/",
        "RESTATE_NODE_NAME": "bench",
        "RESTATE_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "1",
        "RESTATE_LOG_FILTER": "warn",
    }
    if nparts:
        e["RESTATE_DEFAULT_NUM_PARTITIONS"] = str(nparts)
    return e


def restate_bin():
    return glob.glob(T + "/node_modules/@restatedev/restate-server-*/bin/restate-server")[0]


def restate_post():
    wait_port(P["radm"])
    wait_port(P["rsvc"])
    for _ in range(2000):
        try:
            q = urllib.request.Request(
                f"http://127.0.0.1:{P['radm']}/deployments",
                data=json.dumps({"uri": f"http://127.0.0.1:{P['rsvc']}", "force": True}).encode(),
                headers={"content-type": "application/json"},
            )
            urllib.request.urlopen(q, timeout=10).read()
            return
        except Exception:
            time.sleep(0.02)
    raise RuntimeError("restate registration failed")


def restate_peer(name, nparts=None):
    return dict(
        name=name,
        port=P["ring"],
        pg=False,
        dirs=[T + "/restate-data"],
        post=restate_post,
        cmds=[[restate_bin()], [NODE, APP + "/restate_service.mjs"]],
        envs=[
            renv(nparts),
            {"PORT": str(P["rsvc"]), "NODE_ENV": "production", "RESTATE_LOGGING": "ERROR"},
        ],
        load=["--path1", "/payment/{id}/create", "--path2", "/payment/{id}/capture"],
    )


def node_peer(name, file, port, env=None, **k):
    return dict(
        name=name,
        port=port,
        pg=True,
        db="bench_" + name.replace("-", "_"),
        dirs=[],
        cmds=[[NODE, f"{APP}/{file}"]],
        envs=[{"PORT": str(port), **(env or {})}],
        load=REST_LOAD,
        **k,
    )


def peers():
    d = [
        node_peer("node", "node_app.mjs", P["node"], {"MODE": "explicit"}),
        node_peer("node-cte", "node_app.mjs", P["cte"], {"MODE": "cte"}),
        node_peer("node-recover", "node_app.mjs", P["node"], {"MODE": "explicit", "RECOVER": "1"}),
        node_peer("dbos", "dbos_app.mjs", P["dbos"]),
        node_peer("dbos-table", "dbos_app.mjs", P["dbos"], {"APP_TABLE": "1"}),
        restate_peer("restate"),
        restate_peer("restate-4p", 4),
    ]
    b = node_peer("bull", "bull_api.mjs", P["bull"])
    rd = T + "/redis"
    b["cmds"] = [
        [
            "redis-server",
            "--port",
            str(P["redis"]),
            "--bind",
            "127.0.0.1",
            "--dir",
            rd,
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            "--save",
            "",
        ],
        [NODE, APP + "/bull_api.mjs"],
        [NODE, APP + "/bull_worker.mjs"],
    ]
    b["envs"] = [
        {},
        {"PORT": str(P["bull"]), "REDIS_PORT": str(P["redis"])},
        {"REDIS_PORT": str(P["redis"])},
    ]
    b["dirs"] = [rd]
    b["wait_between"] = P["redis"]
    d.append(b)
    return {x["name"]: x for x in d}


def one_payment(peer, pid, timeout=5):
    def sub(s):
        return s.replace("{id}", pid).replace("{rid}", rid)

    rid = pid
    l = peer["load"]

    def opt(name, default):
        return l[l.index(name) + 1] if name in l else default

    extra = dict([opt("--header", "").split(": ", 1)]) if "--header" in l else {}
    for n, (path, key, body) in enumerate(
        [
            (
                opt("--path1", "/payments"),
                "-create",
                opt("--body1", '{"id":"{id}","amount":1999,"currency":"EUR"}'),
            ),
            (
                opt("--path2", "/payments/{id}/capture"),
                "-capture",
                opt("--body2", '{"amount":1999}'),
            ),
        ]
    ):
        q = urllib.request.Request(
            f"http://127.0.0.1:{peer['port']}{sub(path)}",
            data=sub(body).encode(),
            headers={"content-type": "application/json", "idempotency-key": pid + key, **extra},
        )
        j = json.loads(urllib.request.urlopen(q, timeout=timeout).read())
        if n == 0:
            rid = j.get("id", pid)


def start(peer, fresh=True):
    if fresh:
        for d in peer["dirs"]:
            shutil.rmtree(d, ignore_errors=True)
        if peer.get("db"):
            fresh_db(peer["db"])
    for d in peer["dirs"]:
        os.makedirs(d, exist_ok=True)
    t0 = time.time()
    ps = []
    for i, c in enumerate(peer["cmds"]):
        e = {"PROVIDER": PROVIDER, "NODE_ENV": "production"}
        if peer.get("db"):
            e["DATABASE_URL"] = dburl(peer["db"])
        e.update(peer["envs"][i] if "envs" in peer else peer.get("env", {}))
        ps.append(spawn(c, e, log=peer["name"]))
        if i == 0 and peer.get("wait_between"):
            wait_port(peer["wait_between"])
    if peer.get("post") and fresh:
        peer["post"]()
    wait_port(peer["port"], alive=ps)
    n = 0
    while True:
        try:
            one_payment(peer, f"cold-{os.getpid()}-{int(t0 * 1e3)}-{n}")
            break
        except Exception as ex:
            n += 1
            time.sleep(0.01)
            if time.time() - t0 > 60:
                raise RuntimeError(f"{peer['name']}: no successful payment in 60 s: {ex}")
    return ps, round(time.time() - t0, 3)


def stop(ps, sig=signal.SIGTERM):
    for p in reversed(ps):
        kill(p, sig)


def extras(o):
    """Own servers: JSON files, comma separated; $VARIABLES in them are filled in."""
    os.environ.setdefault("CAMBIST_REPO", os.path.dirname(os.path.dirname(HERE)))
    os.environ.update(PROVIDER=PROVIDER, PEERS_TMP=T, PEERS_DATABASE=dburl("").rstrip("/"))
    return [
        {"dirs": [], **json.loads(os.path.expandvars(open(f).read()))}
        for f in (o.extra or "").split(",")
        if f
    ]
