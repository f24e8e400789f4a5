FROM composer:2 AS vendor
COPY composer.* ./
RUN composer install --no-dev --no-scripts --ignore-platform-reqs

FROM php:8.4-fpm-alpine
RUN apk add --no-cache --virtual .build-deps $PHPIZE_DEPS icu-dev \
 && docker-php-ext-install -j"$(nproc)" intl opcache pdo_mysql \
 && runDeps="$(scanelf --needed --nobanner --format '%n#p' --recursive /usr/local | awk 'system("[ -e /usr/local/lib/" $1 " ]") == 0 { next } { print "so:" $1 }')" \
 && apk add --no-cache $runDeps
COPY ["docker/php.ini", "docker/my pool.conf", "/usr/local/etc/php/conf.d/"]
COPY --from=vendor /app/vendor /srv/vendor
ENV APP_NAME='My "App"' APP_URL=http://localhost:${PORT:-80}/ GREETING="it's \"fine\" \$5"
