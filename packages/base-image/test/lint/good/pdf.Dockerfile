FROM node:24-trixie-slim AS modules
WORKDIR /app
COPY package.json pnpm-lock.yaml ./
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \
    npm install --global pnpm@10.18.0 && pnpm install --frozen-lockfile --prod

FROM debian:trixie-slim
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN apt-get update \
 && apt-get install --yes --no-install-recommends chromium-headless-shell fonts-ipaexfont tini \
 && rm -rf /var/lib/apt/lists/*
RUN <<SETUP
groupadd --gid 1000 app
useradd --uid 1000 --gid app --create-home app
install --directory --owner=app /app
SETUP

COPY --from=node:24-trixie-slim /usr/local/bin/node /usr/local/bin/
WORKDIR /app
COPY --from=modules /app/node_modules/ node_modules/
COPY --chown=1000:1000 src/ src/
COPY <<-CONF /etc/fonts/local.conf
	<fontconfig></fontconfig>
CONF

STOPSIGNAL SIGTERM
USER app
ENTRYPOINT ["tini", "--"]
CMD ["node", "src/server.js"]
