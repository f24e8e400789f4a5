# Node and the package manager to copy from: what is taken out here is in no layer of the image
FROM node:25.9.0-trixie-slim AS node
RUN --mount=type=tmpfs,target=/root \
    --mount=type=tmpfs,target=/tmp \
    npm install --global --prefix /opt/package-manager --no-audit --no-fund --no-update-notifier \
      --engine-strict --allow-scripts=pnpm pnpm@10.4.1
RUN --mount=type=tmpfs,target=/root \
    --mount=type=tmpfs,target=/tmp \
    rm -rf /usr/local/lib/node_modules/npm/docs /usr/local/lib/node_modules/npm/man \
 && find /usr/local/lib/node_modules/npm /opt/package-manager -name '*.md' ! -iname 'licen[cs]e*' \
      -delete \
 && find /usr/local/include/node/openssl/archs -mindepth 1 -maxdepth 1 ! -name \
      "linux*-$(uname -m)" -exec rm -rf {} +

# What all variants have: ruby, node and the libraries these need
FROM ruby:3.4.7-slim-trixie AS base
RUN --mount=type=tmpfs,target=/var/cache/debconf \
    apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get --option Dpkg::Options::=--path-exclude=/usr/bin/tini-static install --yes --no-install-recommends \
      ca-certificates \
      libatomic1 \
      libjemalloc2 \
      libpq5 \
      tini \
      tzdata \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/cache/ldconfig/aux-cache /var/log/apt /var/log/*.log
RUN groupadd --gid 1000 app \
 && useradd --uid 1000 --gid 1000 --create-home --shell /bin/bash app \
 && install --directory --owner=app --group=app /app \
 && rm -rf /var/log/lastlog /var/log/faillog

# Node and what comes with it; COPY follows links, so they are made again
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules/npm/ /usr/local/lib/node_modules/npm/
COPY --from=node /opt/package-manager/ /usr/local/
RUN --mount=type=tmpfs,target=/root \
    --mount=type=tmpfs,target=/tmp \
    --network=none \
    ln -s node /usr/local/bin/nodejs \
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && ! ldd /usr/local/bin/node | grep 'not found' \
 && node --version | grep '^v25\.9\.0$' \
 && setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/tmp sh -c \
      'npm --version && test "$(pnpm --version)" = 10.4.1'

# Node has certificates of its own; these are the system's
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
ENV LD_PRELOAD=libjemalloc.so.2
WORKDIR /app
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["irb"]

# What production runs on
FROM base AS runtime
LABEL org.opencontainers.image.title="ruby-node runtime" \
      org.opencontainers.image.base.name=ruby:3.4.7-slim-trixie \
      slipway.variant=runtime \
      slipway.ruby=3.4.7 \
      slipway.node=25.9.0 \
      slipway.package-manager=pnpm@10.4.1 \
      slipway.suite=trixie
USER 1000:1000

# What builds need: compilers, git and headers beside all that production has
FROM base AS tools
RUN --mount=type=tmpfs,target=/var/cache/debconf \
    apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      build-essential \
      git \
      libpq-dev \
      libyaml-dev \
      pkg-config \
      python3 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/cache/ldconfig/aux-cache /var/log/apt /var/log/*.log

# With the headers here, node-gyp downloads nothing
COPY --from=node /usr/local/include/node/ /usr/local/include/node/
ENV npm_config_nodedir=/usr/local

# What images are built with
FROM tools AS builder
LABEL org.opencontainers.image.title="ruby-node builder" \
      org.opencontainers.image.base.name=ruby:3.4.7-slim-trixie \
      slipway.variant=builder \
      slipway.ruby=3.4.7 \
      slipway.node=25.9.0 \
      slipway.package-manager=pnpm@10.4.1 \
      slipway.suite=trixie
