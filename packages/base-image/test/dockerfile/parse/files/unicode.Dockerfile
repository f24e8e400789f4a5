FROM debian
LABEL titel="Größe" ключ=значение emoji=😀
ENV ГОРОД="Санкт-Петербург" 日本=語
RUN echo "… – “quoted”" && true
COPY datei\ ä.txt "/größe/"
CMD ["echo", "\u00e9\n"]
