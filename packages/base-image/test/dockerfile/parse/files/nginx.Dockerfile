FROM nginx:1.29-alpine
COPY <<-'EOT' /etc/nginx/conf.d/default.conf
	server {
	  listen 8080;
	  location / {
	    root /usr/share/nginx/html;
	    try_files $uri $uri/ /index.html =404;
	  }
	}
	EOT
COPY --link dist/ /usr/share/nginx/html/
RUN set -x \
    && addgroup -g 1001 -S app || true \
    ; sed -i -e 's/^user .*$//' -e "s|/var/run|/tmp|" /etc/nginx/nginx.conf
STOPSIGNAL SIGQUIT
