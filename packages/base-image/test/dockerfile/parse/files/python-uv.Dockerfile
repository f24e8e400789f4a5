FROM python:3.13-slim
COPY --from=ghcr.io/astral-sh/uv:0.8 /uv /uvx /bin/
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy PYTHONUNBUFFERED=1
WORKDIR /srv
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    uv sync --locked --no-install-project
COPY . /srv
ENV PATH="/srv/.venv/bin:$PATH"
RUN python - <<'PY'
import sys
print(f"{sys.version_info.major}.{sys.version_info.minor}")
PY

CMD exec gunicorn --bind :${PORT:-8080} --workers 2 app:app
