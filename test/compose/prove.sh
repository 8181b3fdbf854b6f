#!/usr/bin/env bash
# The proof of the containers, in about ten minutes: builds the image, starts the whole stack, drives a day over HTTP while
# every service, nats too, is killed in turn, and compares every decision with a recomputation (prove.ts says how).
#   test/compose/prove.sh            where a Docker engine with Compose v2 answers
#   KEEP=1 test/compose/prove.sh     leaves the containers and the ledgers for a look
# Needs nothing running: it uses a project name, volumes and ports (17080, 14222) of its own, and removes them at the end.
set -euo pipefail
cd "$(dirname "$0")/../.."
docker compose version >/dev/null || { echo 'prove: needs a Docker engine with Compose v2' >&2; exit 1; }

# The programs of the proof, and the packages that recompute: the same build as the image.
node tools/setup.mjs --quiet

export BELLWETHER_IMAGE=${BELLWETHER_IMAGE:-bellwether:local}
# The network of the host, for engines whose builds have none of their own.
docker build --network=host -t "$BELLWETHER_IMAGE" .
# BuildKit may keep the base without a name.
size() { docker image inspect -f '{{.Size}}' "$1" 2>/dev/null | awk '{printf "%.0f MB", $1 / 1e6; known = 1} END {if (!known) print "not known"}'; }
echo "image $BELLWETHER_IMAGE: $(size "$BELLWETHER_IMAGE"), of these node:20-bookworm-slim: $(size node:20-bookworm-slim)"

exec node test/dist/compose/prove.js
