# Shared by the scripts: the root folder, talk on stderr, and what the build needs from Debian.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 2; }

build_packages=(g++ cmake ninja-build ccache mold git ca-certificates libcaf-dev libboost1.81-dev libboost-json1.81-dev
  libssl-dev libsqlite3-dev libpq-dev libspdlog-dev libfmt-dev libcli11-dev libtomlplusplus-dev prometheus-cpp-dev
  libjemalloc-dev libpugixml-dev)
test_packages=(libgtest-dev libgmock-dev librapidcheck-dev postgresql prometheus curl python3)
check_packages=(clang-format clang-tidy)
fuzz_packages=(clang-14 libclang-rt-14-dev llvm-14)  # llvm: the names in the stack of a finding

# need_packages NAME…: installs those that are missing; says which and how long it took.
need_packages() {
  local missing=() name started=$SECONDS
  for name in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || die "these packages are missing and this is not a Debian system: ${missing[*]}"
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  $sudo apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends -q "${missing[@]}" >&2
  say "installed in $((SECONDS - started)) s"
}

# Node.js runs the providers' official SDKs in the tests. A newer one than Debian's is fine.
need_node() {
  command -v node >/dev/null && command -v npm >/dev/null && return 0
  need_packages nodejs npm
}

# configure_and_build FOLDER PRESET [TARGET…]: ninja prints how far it is.
configure_and_build() {
  local folder=$1 preset=$2 started=$SECONDS
  shift 2
  if [ ! -f "$folder/build.ninja" ]; then
    say "configuring $folder ($preset)"
    cmake --preset "$preset" -B "$folder" >"/tmp/cambist-configure.$$.log" 2>&1 || { cat "/tmp/cambist-configure.$$.log" >&2; rm -f "/tmp/cambist-configure.$$.log"; die "cmake failed"; }
    rm -f "/tmp/cambist-configure.$$.log"
  fi
  say "building in $folder"
  NINJA_STATUS='[%f/%t %es] ' ninja -C "$folder" "$@" >&2
  say "built in $((SECONDS - started)) s"
}
