"""Processes that are started and measured: CPU, memory and disk, from /proc and /sys."""

import os
import signal
import socket
import subprocess
import time

T = os.environ.get("PEERS_TMP", "/tmp/peers")
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
live = []  # Popen objects we started


def spawn(cmd, env=None, user=None, log="proc"):
    e = dict(os.environ)
    e.update(env or {})
    f = open(f"{T}/log-{log}.txt", "ab")
    kw = {"user": user, "group": user, "extra_groups": []} if user else {}
    p = subprocess.Popen(
        cmd,
        env=e,
        stdout=f,
        stderr=f,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        cwd=T,
        **kw,
    )
    live.append(p)
    return p


def kill(p, sig=signal.SIGTERM, wait=20):
    if p.poll() is None:
        try:
            os.killpg(p.pid, sig)
        except ProcessLookupError:
            pass
        try:
            p.wait(wait)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            p.wait()
    if p in live:
        live.remove(p)


def stat(pid):
    with open(f"/proc/{pid}/stat") as f:
        s = f.read()
    a = s[s.rindex(")") + 2 :].split()
    return (
        int(a[1]),
        (int(a[11]) + int(a[12])) / TICK,
        (int(a[13]) + int(a[14])) / TICK,
    )  # ppid, own cpu, reaped children's cpu


def tree(root):
    kids = {}
    for d in os.listdir("/proc"):
        if d.isdigit():
            try:
                kids.setdefault(stat(d)[0], []).append(int(d))
            except (FileNotFoundError, ProcessLookupError):
                pass
    out, st = [], [root]
    while st:
        p = st.pop()
        out.append(p)
        st += kids.get(p, [])
    return out


def cpu(roots):
    c = 0.0
    for r in roots:
        for p in tree(r):
            try:
                _, own, ch = stat(p)
                c += own + ch
            except (FileNotFoundError, ProcessLookupError):
                pass
    return c


def mem(roots):
    """(sum of VmHWM in MiB, sum of PSS in MiB)"""
    h = s = 0
    for r in roots:
        for p in tree(r):
            try:
                for l in open(f"/proc/{p}/status"):
                    if l.startswith("VmHWM"):
                        h += int(l.split()[1])
                for l in open(f"/proc/{p}/smaps_rollup"):
                    if l.startswith("Pss:"):
                        s += int(l.split()[1])
            except (FileNotFoundError, ProcessLookupError):
                pass
    return round(h / 1024, 1), round(s / 1024, 1)


def wait_port(port, t=60, alive=()):
    """Until somebody listens. `alive`: processes without which nobody ever will."""
    end = time.time() + t
    while time.time() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.005)
        for p in alive:
            if p.poll() is not None:
                raise RuntimeError(f"{p.args[0]} has ended with {p.returncode}")
    raise RuntimeError(f"port {port} did not open")


def sysstat():
    a = [int(x) for x in open("/proc/stat").readline().split()[1:]]
    return dict(busy=(sum(a[:3]) + a[5] + a[6]) / TICK, steal=a[7] / TICK)


def disk():
    dev = os.stat(T).st_dev
    mm = f"{os.major(dev)}:{os.minor(dev)}"
    try:
        a = open(f"/sys/dev/block/{mm}/stat").read().split()
    except FileNotFoundError:
        return dict(wr_mb=0, flushes=0)
    return dict(wr_mb=int(a[6]) * 512 / 1e6, flushes=int(a[15]) if len(a) > 15 else 0)
