ARG REGISTRY=registry.example.com
ARG TAG
FROM ${REGISTRY:+$REGISTRY/}app:${TAG:-latest} AS app
ARG TAG
ARG BUILD_DATE COMMIT="unknown commit"
LABEL org.opencontainers.image.version="${TAG#v}" \
      org.opencontainers.image.created=$BUILD_DATE \
      "org.opencontainers.image.revision"='${COMMIT}' \
      name=${TAG%%-*} file=${TAG//\//-} first=${TAG/a/b}
ENV V=${TAG:-v} W=${TAG+x} X="${TAG:-a b}" Y=$TAG$TAG Z=\$TAG
USER ${USER_ID:-1000}:${GROUP_ID:-1000}
EXPOSE ${PORT:-80}/tcp 9000-9010
VOLUME ["/data", "/log files"]
WORKDIR ${HOME:-/root}/work
