ARG ELIXIR=1.18.4
ARG OTP=27.3.4
ARG DEBIAN=bookworm-20250811-slim
ARG BUILDER="hexpm/elixir:${ELIXIR}-erlang-${OTP}-debian-${DEBIAN}"
ARG RUNNER="debian:${DEBIAN}"
FROM ${BUILDER} AS builder
ENV MIX_ENV="prod"
COPY config/config.exs config/${MIX_ENV}.exs config/
RUN mix do local.hex --force, local.rebar --force, deps.get --only $MIX_ENV
FROM ${RUNNER}
ENV LANG=en_US.UTF-8 LANGUAGE=en_US:en LC_ALL=en_US.UTF-8
WORKDIR "/app"
COPY --from=builder --chown=nobody:root /app/_build/prod/rel/app ./
USER nobody
CMD ["/app/bin/server"]
