# syntax=docker/dockerfile:1
ARG RUBY_VERSION=3.4.7
ARG NODE_VERSION=24.9.0
ARG DISTRO=trixie

FROM node:$NODE_VERSION-$DISTRO-slim AS node

FROM ruby:$RUBY_VERSION-slim-$DISTRO AS base
ARG DISTRO
LABEL org.opencontainers.image.source="https://github.com/example/shop" \
      org.opencontainers.image.title="shop"
WORKDIR /app
ENV RAILS_ENV=production \
    BUNDLE_DEPLOYMENT=1 \
    BUNDLE_WITHOUT=development:test
RUN rm -f /etc/apt/apt.conf.d/docker-clean; \
    echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' > /etc/apt/apt.conf.d/keep-cache

FROM base AS build
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    --mount=type=tmpfs,target=/var/log \
    apt-get update -qq && apt-get install -yq --no-install-recommends build-essential libpq-dev
COPY --link --from=node /usr/local/bin/node /usr/local/bin/
COPY --link --from=node /usr/local/lib/node_modules/npm/ /usr/local/lib/node_modules/npm/
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY Gemfile Gemfile.lock ./
RUN --mount=type=cache,id=gems,target=/usr/local/bundle/cache bundle install
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit
COPY . .
RUN --mount=type=secret,id=license,required <<EOT
set -eu
export LICENSE="$(cat /run/secrets/license)"
SECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile
EOT

FROM base AS app
COPY --link --chown=1000:1000 --from=build /usr/local/bundle/ /usr/local/bundle/
COPY --link --chown=1000:1000 --from=build /app/ ./
USER 1000:1000
EXPOSE 3000/tcp
HEALTHCHECK --interval=30s CMD ["bin/healthy"]
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["bin/rails", "server", "-b", "0.0.0.0"]
