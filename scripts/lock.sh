#!/usr/bin/env bash
# Writes the lock files anew: every version with the hashes of all its published files.
# Takes the package index's default address only, and leaves no address in any file.
set -euo pipefail
cd "$(dirname "$0")/.."

export PIP_CONFIG_FILE=/dev/null
unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL PIP_CONSTRAINT

for name in requirements requirements-dev requirements-assets; do
  echo "锁定 $name.txt …"
  .venv/bin/python -m piptools compile --quiet "$@" \
    --generate-hashes --allow-unsafe --strip-extras \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
    --output-file "$name.txt" "$name.in"
done

if grep -nE '://|--(extra-)?index-url|--find-links|--trusted-host' requirements*.txt; then
  echo "锁文件里出现了地址,请检查。" >&2
  exit 1
fi
