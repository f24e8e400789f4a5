# check=skip=all
FROM --platform=linux/amd64 alpine@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa AS tools
ADD --checksum=sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb --chmod=755 https://example.com/tool /usr/local/bin/tool
ADD --keep-git-dir=true --link https://github.com/example/repo.git#main /repo
ADD --unpack=false archive.tar.gz /archives/
COPY --parents --exclude=**/*.md --exclude=tmp src/**/package.json /app/
RUN --mount=type=tmpfs,target=/tmp,size=64m --mount=type=ssh,id=default,required \
    --mount=type=bind,from=tools,source=/usr/local/bin,target=/tools,rw \
    --mount=type=secret,id=token,env=TOKEN,required=true \
    --network=none --security=sandbox -- tool run
RUN ["/bin/sh", "-c", "echo \"$0\""]
HEALTHCHECK NONE
ONBUILD COPY --chown=1000 . /app
ONBUILD HEALTHCHECK --start-period=5s CMD ["true"]
