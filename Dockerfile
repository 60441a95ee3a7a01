# Two stages: wheels are built in the first; the second holds Python, netdash and nothing to build with.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
RUN pip install --no-cache-dir uv==0.13.9
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && uv pip install --no-cache --python /opt/venv/bin/python -r requirements.txt
COPY manage.py /srv/netdash/
COPY netdash /srv/netdash/netdash
COPY static /srv/netdash/static
COPY templates /srv/netdash/templates
RUN cd /srv/netdash && NETDASH_DATA=/tmp/data NETDASH_STATIC=/srv/static \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin netdash \
    && install -d -o netdash -g netdash -m 700 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
COPY script/serve /srv/netdash/script/serve
WORKDIR /srv/netdash
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    NETDASH_DATA=/data NETDASH_STATIC=/srv/static
USER netdash
VOLUME /data
EXPOSE 8000
CMD ["script/serve"]
