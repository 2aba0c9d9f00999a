#!/bin/sh
# Re-makes base.txt and dev.txt from their .in files: hash-locked, and with no address in them.
# The first line of each says which sources it was made from (`./ss check` compares).
# Takes uv from the environment ($UV or PATH), else installs it aside. --upgrade takes newer releases.
set -eu
cd "$(dirname -- "$0")/.."
uv=${UV:-uv}
if ! "$uv" --version >/dev/null 2>&1; then
    aside=$(mktemp -d)
    trap 'rm -rf "$aside"' EXIT
    "${PYTHON:-.venv/bin/python}" -m venv "$aside"
    "$aside/bin/pip" install --quiet --disable-pip-version-check uv
    uv=$aside/bin/uv
fi
for name in base dev; do
    out=requirements/$name.txt
    "$uv" pip compile --quiet --universal --python-version 3.12 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command requirements/lock.sh \
        --output-file "$out" "$@" "requirements/$name.in"
    sources=$(cat requirements/base.in "requirements/$name.in" | sha256sum | cut -d' ' -f1)
    { echo "# sources: $sources"; grep -v '^# sources:' "$out"; } >"$out.new"
    mv "$out.new" "$out"
done
