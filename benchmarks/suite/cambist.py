"""A Cambist server under measurement: started as its description in peers/ says, driven by
cambist-load, with what it costs read from /proc."""
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "benchmarks", "peers"))

import peers  # noqa: E402  (it stands in a folder of its own)
from machine import T, kill, live, spawn  # noqa: E402
from services import PROVIDER, dburl, fresh_db, postgres, provider, psql  # noqa: E402

BIN = os.path.join(ROOT, "build", "release", "bin")


class Options:
    """What peers.extras() reads."""

    def __init__(self, extra):
        self.extra = extra


def description(name):
    return peers.extras(Options(os.path.join(ROOT, "benchmarks", "peers", f"{name}.json")))[0]


class Surroundings:
    """The provider and, when it is wanted, PostgreSQL; ended with the block."""

    def __init__(self, with_postgres):
        os.makedirs(T, exist_ok=True)
        self.provider = provider()
        self.postgres = postgres() if with_postgres else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in list(live):
            kill(process)


class Server:
    """Shape: `name` is that of a file in peers/; `env` comes over what stands there."""

    def __init__(self, name, around, env=None):
        self.peer = description(name)
        self.peer["env"] = {**self.peer["env"], **(env or {})}
        self.around = around
        self.processes = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.peer['port']}"

    @property
    def pid(self):
        return self.processes[-1].pid

    def start(self, fresh=True):
        self.processes, seconds = peers.start(self.peer, fresh)
        return seconds

    def launch(self):
        """Starts the processes and does not wait for anything."""
        env = {"PROVIDER": PROVIDER, **self.peer["env"]}
        self.processes = [spawn(c, env, log=self.peer["name"]) for c in self.peer["cmds"]]

    def prepare(self):
        """An empty store, before somebody else fills it."""
        for folder in self.peer["dirs"]:
            subprocess.run(["rm", "-rf", folder], check=True)
            os.makedirs(folder)
        if self.peer["db"]:
            fresh_db(self.peer["db"])

    def stop(self, how=signal.SIGTERM):
        peers.stop(self.processes, how)
        self.processes = []

    def where(self):
        """Where cambist-fill finds the store."""
        if self.peer["pg"]:
            return ["--database", dburl(self.peer["db"])]
        return ["--data", self.peer["dirs"][0]]

    def fill(self, payments, kind, first=0):
        made = subprocess.run(
            [f"{BIN}/cambist-fill", *self.where(), "--payments", str(payments), "--kind", kind]
            + ["--first", str(first)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return json.loads(made.stdout)["seconds"]

    def load_command(self, *options):
        command = [f"{BIN}/cambist-load", "--url", self.url, "--metrics", self.url + "/metrics"]
        command += ["--pid", f"server={self.pid}", "--pid", f"provider={self.around.provider.pid}"]
        if self.peer["pg"]:
            command += ["--pid", f"postgres={self.around.postgres.pid}"]
        if len(self.processes) > 1:
            command += ["--pid", f"emulator={self.processes[0].pid}"]
        return command + self.peer["load"] + [str(o) for o in options]

    def load(self, *options):
        out = subprocess.run(
            self.load_command(*options),
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return json.loads(out.stdout)

    def get(self, path, timeout=2):
        """Status and body; status 0 when nobody answers."""
        request = urllib.request.Request(
            self.url + path,
            headers={"Authorization": "Bearer " + self.peer["env"]["CAMBIST_API_KEY"]},
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_for(self, what, deadline_s, every_s=0.01):
        """Seconds until `what()` is true."""
        began = time.monotonic()
        while not what():
            if self.processes and self.processes[-1].poll() is not None:
                raise RuntimeError(
                    f"{self.peer['name']} has ended; see {T}/log-{self.peer['name']}.txt"
                )
            if time.monotonic() - began > deadline_s:
                raise RuntimeError(f"{self.peer['name']}: not within {deadline_s} s")
            time.sleep(every_s)
        return time.monotonic() - began

    def metric(self, name):
        """The value of a sample of /metrics, or 0 when it is not there."""
        for line in self.get("/metrics", 10)[1].splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        return 0.0

    def rss_mib(self, line_start="VmRSS"):
        """`line_start` "RssAnon": without the pages of files, such as a store that is mapped."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(line_start):
                    return int(line.split()[1]) / 1024
        return 0.0


def cpu_of(run):
    """Server and store, CPU seconds per 1000 payments."""
    cost = run["cpu_s_per_1000"]
    return cost["server"] + cost.get("postgres", 0)


__all__ = ["ROOT", "BIN", "T", "Server", "Surroundings", "cpu_of", "fresh_db", "psql"]
