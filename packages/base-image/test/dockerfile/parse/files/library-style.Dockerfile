#
# NOTE: THIS DOCKERFILE IS GENERATED
#
FROM buildpack-deps:trixie

# skip installing gem documentation
RUN set -eux; \
	mkdir -p /usr/local/etc; \
	echo 'gem: --no-document' >> /usr/local/etc/gemrc

ENV LANG C.UTF-8
ENV RUBY_VERSION 3.4.5

RUN set -eux; \
	\
	savedAptMark="$(apt-mark showmanual)"; \
	rm -rf /var/lib/apt/lists/*; \
	\
	arch="$(dpkg --print-architecture)"; arch="${arch##*-}"; \
	case "$arch" in \
		'amd64') url='https://example.com/amd64'; sha256='aa' ;; \
		*) echo >&2 "error: unsupported architecture: '$arch'"; exit 1 ;; \
	esac; \
	[ "$(command -v ruby)" = '/usr/local/bin/ruby' ]; \
	ruby --version

ENV GEM_HOME /usr/local/bundle
ENV BUNDLE_SILENCE_ROOT_WARNING=1 \
	BUNDLE_APP_CONFIG="$GEM_HOME"
ENV PATH $GEM_HOME/bin:$PATH
CMD [ "irb" ]
