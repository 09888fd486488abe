# Two stages: the first builds, the second holds the program alone and runs it as a user without rights.
FROM rust:1-slim-bookworm AS build
WORKDIR /src
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY rules rules
COPY benches benches
RUN cargo build --release --locked --bin heyan

FROM debian:bookworm-slim
RUN useradd --system --no-create-home heyan
COPY --from=build /src/target/release/heyan /usr/local/bin/heyan
USER heyan
WORKDIR /ledgers
ENTRYPOINT ["heyan"]
CMD ["scan", "."]
