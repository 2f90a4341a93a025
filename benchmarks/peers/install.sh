#!/bin/sh
# Installs the peers into $PEERS_TMP (default /tmp/peers). Nothing is written into the source tree.
# Debian packages wanted: postgresql nginx redis-server wrk strace libsqlite3-dev libboost1.81-dev
# gcc g++
set -e
HERE=$(cd "$(dirname "$0")" && pwd); T=${PEERS_TMP:-/tmp/peers}
mkdir -p "$T"
cp "$HERE/package.json" "$T/package.json"
(cd "$T" && npm install --no-audit --no-fund --ignore-scripts)
mkdir -p "$T/app"
cp "$HERE"/peer-restate/*.mjs "$HERE"/peer-dbos/*.mjs "$HERE"/peer-node/*.mjs "$T/app/"
gcc -O2 -Wall -o "$T/payload" "$HERE/load/payload.c"
gcc -O2 -Wall -o "$T/sqlite_commit" "$HERE/limits/sqlite_commit.c" -lsqlite3
gcc -O2 -Wall -o "$T/fdsync" "$HERE/limits/fdsync.c"
g++ -O2 -std=c++20 -o "$T/beast" "$HERE/limits/beast.cpp" -lpthread
