#!/bin/sh
# The one entry point. ./ss help says what there is.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
cd "$here"
venv=${SS_VENV:-$here/.venv}

say() { echo "ss: $*" >&2; }

new_enough() {
    # Run it: a name on PATH may be a version manager's shim that exits 127.
    "$1" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 16))' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" && echo "$PYTHON"
        return
    fi
    for candidate in python3.14 python3.13 python3.12 python3 python \
        "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.14.*/bin/python \
        "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.13.*/bin/python \
        "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.12.*/bin/python \
        /opt/homebrew/bin/python3.1[2-5] /usr/local/bin/python3.1[2-5]; do
        if new_enough "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

make_environment() {
    rm -rf "$venv"
    if python=$(find_python) && "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        say "making the environment in $venv with $("$python" --version)"
        "$python" -m venv "$venv"
    elif uv --version >/dev/null 2>&1; then
        say "making the environment in $venv with uv"
        uv venv --quiet --python "${python:-3.13}" "$venv"
    elif [ -n "${PYTHON:-}" ]; then
        say "PYTHON=$PYTHON is not Python 3.12 or newer with the venv module."
        exit 1
    else
        say "Python 3.12 or newer with the venv module is needed (on Debian: apt install python3-venv) or uv; set PYTHON to it if it is not on PATH."
        exit 1
    fi
}

# install LOCK: the environment has exactly what the lock says, by its hashes
install() {
    stamp=$venv/.stamp-$(basename "$1" .txt)
    if [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python" && cmp -s "$1" "$stamp"; then
        return
    fi
    if [ ! -w "$(dirname "$venv")" ] || { [ -e "$venv" ] && [ ! -w "$venv" ]; }; then
        say "$venv belongs to somebody else: set SS_VENV to a folder of your own, or clone it anew"
        exit 1
    fi
    if ! { [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python"; }; then
        make_environment
    fi
    say "installing $(grep -c '^[a-z0-9].*==' "$1") packages from $1 (once)"
    if [ -x "$venv/bin/pip" ]; then
        "$venv/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check \
            --require-hashes -r "$1"
    else
        uv pip install --quiet --python "$venv/bin/python" --require-hashes -r "$1"
    fi || {
        say "the packages could not be installed: see above; is the disk full, or the network away?"
        exit 1
    }
    cp "$1" "$stamp"
}

usage() {
    cat <<'TEXT'
./ss up [--no-demo] [--port N]   run everything on this machine (PORT=8000)
./ss test [--storm] [ARGUMENTS]  run the tests (arguments go to pytest)
./ss check [NAME…]               run what the machine checks
./ss bench [NAME…] [--json]      print figures beside their floors
./ss manage COMMAND …            Django's commands, with the database running
TEXT
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
    up | manage) install requirements/base.txt ;;
    test | check | bench) install requirements/dev.txt ;;
esac
python=$venv/bin/python
case $command in
    up) exec "$python" manage.py up "$@" ;;
    manage) exec "$python" manage.py "$@" ;;
    test)
        if [ "${1:-}" = --storm ]; then
            shift
            exec "$python" -m pytest -n0 -m storm "$@"
        fi
        exec "$python" -m pytest -n2 "$@"
        ;;
    check) exec "$python" check.py "$@" ;;
    bench) exec "$python" -m bench "$@" ;;
    help | -h | --help) usage ;;
    *)
        usage >&2
        exit 2
        ;;
esac
