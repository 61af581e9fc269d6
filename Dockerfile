# The service as an image: dependencies by hash, our own code as wheels, a user without rights.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN pip install --no-cache-dir uv==0.13.9
COPY requirements/run.txt requirements/run.txt
RUN uv venv /opt/zheng && uv pip install --python /opt/zheng/bin/python --require-hashes -r requirements/run.txt
COPY . .
RUN for project in verifier clients/python .; do uv build --wheel --out-dir /wheels $project || exit 1; done \
    && uv pip install --python /opt/zheng/bin/python --no-deps /wheels/*.whl

FROM python:3.11-slim-bookworm
# Converts DOC and DOCX, in a cell without network (signing/documents/confinement.py). Chinese and Latin fonts come with our
# wheels, and are the only ones it is shown; nogui: no display server, no Java.
RUN apt-get update && apt-get install -y --no-install-recommends libreoffice-writer-nogui && rm -rf /var/lib/apt/lists/*
# A volume takes its owner from the folder it is mounted on; one that is not in the image would be root's.
RUN useradd --system --uid 10001 --user-group --create-home --home-dir /var/lib/zheng zheng \
    && cd /var/lib/zheng && install -d -m 0700 -o zheng -g zheng home \
       home/data home/signer home/vault-keys home/anchor home/chain home/tsa home/issuer home/api home/signing
COPY --from=build /opt/zheng /opt/zheng
ENV PATH=/opt/zheng/bin:$PATH ZHENG_HOME=/var/lib/zheng/home PYTHONDONTWRITEBYTECODE=1
USER zheng
WORKDIR /var/lib/zheng
EXPOSE 8000
CMD ["zheng", "serve"]
