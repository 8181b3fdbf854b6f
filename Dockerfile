# One image for every service; the command selects which (docs/how-to/containers.md):
#   docker build -t bellwether:local .
#   docker run --rm bellwether:local services/risk/dist/main.js
# No `# syntax=` line, no heredoc and no COPY --link: an engine of 20.10 builds it, without pulling a frontend.
FROM node:20-bookworm-slim AS base
WORKDIR /app
# The CPU build of ONNX Runtime comes with its package; its script would fetch another one, for graphics cards.
ENV ONNXRUNTIME_NODE_INSTALL=skip

# Only what decides an installation, so that a change of code does not install anew.
FROM base AS manifests
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc ./
COPY packages packages
COPY services services
RUN find packages services -type f ! -name package.json -delete && find packages services -type d -empty -delete

# The exact pnpm of `packageManager` in package.json: the lockfile belongs to it. Nothing runs scripts at installation
# (`allowBuilds`), so no package fetches binaries behind the lockfile's back.
FROM base AS build
COPY --from=manifests /app ./
RUN --mount=type=cache,id=pnpm,target=/pnpm,sharing=locked \
    npx --yes pnpm@10.34.9 install --frozen-lockfile --store-dir /pnpm/store
COPY . .
RUN node tools/generate-contracts.mjs && node tools/build-kernels.mjs \
    && node node_modules/typescript/bin/tsc -b packages/cli services/* \
    && rm -rf packages/*/node_modules services/*/node_modules

FROM base AS production
COPY --from=manifests /app ./
RUN --mount=type=cache,id=pnpm,target=/pnpm,sharing=locked \
    npx --yes pnpm@10.34.9 install --prod --frozen-lockfile --store-dir /pnpm/store
COPY --from=build /app/packages packages
COPY --from=build /app/services services
COPY deploy/image deploy/image
RUN node deploy/image/prune.mjs /app

FROM base AS final
# Nothing here installs anything any more, and the volumes of audit log, trainings and keys take their owner from these folders.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
    && install -d -o node -g node /var/lib/bellwether /var/lib/bellwether/audit /var/lib/bellwether/audit-key \
      /var/lib/bellwether/training /var/lib/bellwether/model-key \
    && ln -s /app/packages/cli/bin/bw.mjs /usr/local/bin/bw
COPY --from=production /app/package.json ./
COPY --from=production /app/node_modules node_modules
COPY --from=production /app/packages packages
COPY --from=production /app/services services
COPY deploy/image/ready.sh deploy/image/ready.sh
COPY config/books config/books
COPY config/model-keys config/model-keys
COPY models models
ENV NODE_ENV=production
USER 1000:1000
# The program is node itself: it gets SIGTERM, with nothing in between that would have to pass it on.
ENTRYPOINT ["node"]
CMD ["packages/cli/bin/bw.mjs", "--help"]
