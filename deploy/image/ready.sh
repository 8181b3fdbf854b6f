#!/bin/bash
# Ends with 0 when a page of this container answers 200: the health check of every service.
#   ready.sh [PORT [PATH]]    default: BW_HEALTH_PORT /readyz
# The base has neither curl nor wget, and a node process for each check would cost more than the service at rest.
exec 3<>"/dev/tcp/127.0.0.1/${1:-$BW_HEALTH_PORT}" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "${2:-/readyz}" >&3
read -r -t 4 _ status _ <&3 || exit 1
# What is missing stands in the body: `docker inspect` shows it.
timeout 1 tail -n 1 <&3
[[ $status == 200 ]]
