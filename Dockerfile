# One image for the whole suite: `customer360 serve customer`, `customer360 migrate …` and so on.
# The bases are arguments, so that an installation can name its own mirror.
ARG BUILD_IMAGE=rust:1.95-bookworm
ARG RUNTIME_IMAGE=debian:12-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
# The selection that the tests run on, so that what ships has the same features.
RUN cargo build --locked --release --workspace --bin customer360 \
 && mkdir /out /out/data \
 && cp target/release/customer360 /out/

# The same C library as the build image; nothing else is linked.
FROM ${RUNTIME_IMAGE}
# Who vouches for the issuer and for the brokers and databases that speak TLS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/customer360 /usr/local/bin/
# Written to by `serve all` only; a single service keeps nothing on disk.
COPY --from=build --chown=10001:10001 /out/data /var/lib/customer360
WORKDIR /var/lib/customer360
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
EXPOSE 8360 8361 8362 8363 8364
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["customer360", "healthcheck"]
ENTRYPOINT ["customer360"]
CMD ["--help"]
