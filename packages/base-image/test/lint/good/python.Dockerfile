FROM python:3.13-slim AS base
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv
COPY requirements.txt .
RUN pip install -r requirements.txt && pip install gunicorn==23.0.0
COPY . .
RUN useradd --system --uid 999 web && chown web /srv/data
USER web
CMD exec gunicorn --bind ":$PORT" app:app
