ARG VARIANT="3.4-bookworm"
FROM mcr.microsoft.com/devcontainers/ruby:1-${VARIANT}
# [Optional] Uncomment this section to install additional packages.
# RUN apt-get update && export DEBIAN_FRONTEND=noninteractive \
#     && apt-get -y install --no-install-recommends <your-package-list-here>
RUN su vscode -c "source /usr/local/share/nvm/nvm.sh && nvm install lts/*" 2>&1
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://example.com/key.asc | gpg --dearmor -o /usr/share/keyrings/x.gpg \
  && echo "deb [signed-by=/usr/share/keyrings/x.gpg] https://example.com stable main" > /etc/apt/sources.list.d/x.list
