# Built by goreleaser, which puts the binaries beside this file. git serves the listing of tracked files.
FROM alpine:3.22
RUN apk add --no-cache git && adduser -D -u 1000 unleaked
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/unleaked /usr/local/bin/unleaked
USER unleaked
WORKDIR /src
ENTRYPOINT ["unleaked"]
CMD ["scan"]
