FROM debian:trixie-slim
RUN <<SCRIPT cat > /etc/motd && cat <<OTHER >> /etc/motd
one $HOME
SCRIPT
two
OTHER
COPY <<one.txt <<"two.txt" /srv/
1 ${HOME:-none}
one.txt
2 ${HOME:-none}
two.txt
RUN <<-"EOF"
	#!/usr/bin/env bash
	set -euo pipefail
	cat <<INNER
	not ours
	INNER
	EOF

RUN echo $((1<<2)) && cat <<< "here string" && echo "<<EOF"
ADD <<E /x
E
USER nobody
