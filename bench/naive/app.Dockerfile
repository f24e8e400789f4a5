# The example app on that image, as it was built then: one stage, and all that a build leaves behind stays.
ARG BASE
FROM ${BASE}
WORKDIR /app
# A mirror of npm may have a certificate of its own.
ENV RAILS_ENV=production \
    BUNDLE_DEPLOYMENT=1 \
    BUNDLE_WITHOUT=development:test \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
COPY Gemfile Gemfile.lock ./
RUN bundle install
COPY package.json yarn.lock ./
RUN yarn install --frozen-lockfile
COPY . .
RUN SECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile
CMD ["bundle", "exec", "puma"]
