# The application alone; PostgreSQL and Valkey are services of docker-compose.yml.
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 care \
    && install -d -o care -g care /srv/care /var/lib/care
USER care
WORKDIR /srv/care

# Packages first: they change less often than the code.
COPY --chown=care requirements.txt requirements-assets.txt package.json \
    package-lock.json .npmrc ./
COPY --chown=care scripts scripts
COPY --chown=care templates templates
COPY --chown=care static static
RUN python scripts/set_up.py && rm -rf node_modules .venv/assets

COPY --chown=care . .
ENV DATA_DIR=/var/lib/care HOST=0.0.0.0 PATH=/srv/care/.venv/bin:$PATH
VOLUME /var/lib/care
EXPOSE 8000
CMD ["gunicorn", "-c", "gunicorn.conf.py", "jinchang_care.wsgi:application"]
