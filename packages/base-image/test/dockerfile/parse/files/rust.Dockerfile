FROM rust:1.90 AS chef
RUN cargo install cargo-chef --locked
WORKDIR /app
FROM chef AS planner
COPY . .
RUN cargo chef prepare --recipe-path recipe.json
FROM chef AS builder
COPY --from=planner /app/recipe.json recipe.json
RUN --mount=type=ssh --network=default cargo build --release --bin app
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=builder /app/target/release/app /usr/local/bin/
CMD ["app", "--config", "/etc/app.toml"]
