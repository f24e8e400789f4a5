FROM ubuntu:22.04
MAINTAINER Somebody <somebody@example.com>
LABEL description This text has blanks   and "quotes"
ENV LANG C.UTF-8
ENV JAVA_OPTS -Xms256m -Xmx512m
ADD https://example.com/files/tool.tar.gz /tmp/
ADD app.tar.gz /opt/app
RUN apt-get update && apt-get install -y \
    build-essential \

    git \
    # needed for tests
    wget
VOLUME /data
EXPOSE 8080 8443
ONBUILD ADD . /usr/src/app
ONBUILD RUN cd /usr/src/app && make
ENTRYPOINT /opt/app/bin/run $JAVA_OPTS
