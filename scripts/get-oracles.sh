#!/usr/bin/env bash
# Installs the oracles of `parallevm fuzz --oracle` (docs/oracles.md) into a folder, and prints the option that uses them.
# Usage: scripts/get-oracles.sh [geth] [eels]     ORACLES=folder (default build/oracles)
# geth needs Go (go.dev/dl; takes some minutes), eels Python 3.11 or newer ($PYTHON, default python3).
set -euo pipefail

GETH=v1.17.10
EELS=2.20.0

folder=${ORACLES:-build/oracles}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

get_geth() {
  command -v go >/dev/null || { echo "geth: there is no 'go'; install Go from https://go.dev/dl" >&2; return 1; }
  GOBIN="$folder" go install "github.com/ethereum/go-ethereum/cmd/evm@$GETH"
  options+=("geth:$folder/evm")
}

get_eels() {
  local python=${PYTHON:-python3}
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { echo "eels: $python is not Python 3.11 or newer; set PYTHON" >&2; return 1; }
  "$python" -m venv "$folder/eels"
  "$folder/eels/bin/pip" install --quiet "ethereum-execution[optimized]==$EELS"
  options+=("eels:$folder/eels/bin/python")
}

options=()
[ $# -gt 0 ] || set -- geth eels
for oracle in "$@"; do
  case $oracle in
    geth | eels) "get_$oracle" ;;
    *) echo "there is no oracle '$oracle': geth, eels" >&2; exit 2 ;;
  esac
done
echo "parallevm fuzz --oracle $(IFS=,; echo "${options[*]}")"
