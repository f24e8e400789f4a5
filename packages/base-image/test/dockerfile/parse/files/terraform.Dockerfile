FROM alpine:3.22 AS fetch
ARG TERRAFORM_VERSION=1.13.1
SHELL ["/bin/ash", "-eo", "pipefail", "-c"]
RUN wget -qO- "https://example.com/terraform_${TERRAFORM_VERSION}_linux_amd64.zip" | unzip -p - terraform > /terraform && chmod +x /terraform
FROM alpine:3.22
COPY --from=fetch /terraform /usr/local/bin/
ENTRYPOINT ["terraform"]
CMD ["-help"]
