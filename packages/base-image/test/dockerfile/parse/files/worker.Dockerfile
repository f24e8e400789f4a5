FROM ruby:3.4-slim AS worker
COPY --from=ghcr.io/krallin/tini:v0.19.0 /tini /tini
RUN bundle config set --local without 'development test' && bundle install --jobs "$(nproc)" --retry 3
RUN [ -f Procfile ] && sed -n 's/^worker: //p' Procfile > /worker || echo "bundle exec sidekiq" > /worker
ENTRYPOINT ["/tini", "--", "/bin/sh", "-c", "exec $(cat /worker)"]
