/** An action at a commit: its version and inputs. A name that ends in `!` is required. */
export interface ActionContract {
  readonly commit: string;
  readonly version: string;
  readonly inputs: readonly string[];
}

/**
 * The day on which commits and inputs were looked up: commits in public lists and workflows that name commit and version side
 * by side, not in the repositories themselves.
 */
export const ACTION_CONTRACT_DATE = "2026-11-28";

/** The actions that the workflow uses, with those of their inputs that a deployment of this kind needs. */
export const ACTIONS: Readonly<Record<string, ActionContract>> = {
  "actions/checkout": {
    commit: "9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0",
    version: "v7.0.0",
    inputs: ["persist-credentials", "ref", "fetch-depth", "repository", "path"],
  },
  "actions/setup-node": {
    commit: "48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e",
    version: "v6.4.0",
    inputs: ["node-version", "node-version-file", "cache", "check-latest"],
  },
  "actions/upload-artifact": {
    commit: "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a",
    version: "v7.0.1",
    inputs: ["name", "path!", "retention-days", "if-no-files-found", "overwrite"],
  },
  "actions/download-artifact": {
    commit: "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
    version: "v8.0.1",
    inputs: ["name", "path", "pattern", "merge-multiple"],
  },
  "aws-actions/configure-aws-credentials": {
    commit: "e6de054238d6b7531b4efff3b6587d9aade6a06c",
    version: "v6.2.3",
    inputs: [
      "aws-region!",
      "role-to-assume",
      "role-session-name",
      "role-duration-seconds",
      "allowed-account-ids",
      "audience",
    ],
  },
  "aws-actions/amazon-ecr-login": {
    commit: "03f1aad4c6c7ffd436567f42f9384779290529bd",
    version: "v2.1.7",
    inputs: ["registries", "mask-password", "registry-type", "skip-logout"],
  },
  "aws-actions/amazon-ecs-render-task-definition": {
    commit: "138c24f321fdbdf7edee4a685519d253cae2cdea",
    version: "v1.9.0",
    inputs: [
      "task-definition",
      "task-definition-arn",
      "task-definition-family",
      "task-definition-revision",
      "container-name!",
      "image!",
      "environment-variables",
      "secrets",
      "log-configuration-options",
      "command",
    ],
  },
  "aws-actions/amazon-ecs-deploy-task-definition": {
    commit: "c465972ecbd160473f22e683363b422a5412a3de",
    version: "v2.6.3",
    inputs: [
      "task-definition!",
      "service",
      "cluster",
      "wait-for-service-stability",
      "wait-for-minutes",
      "run-task",
      "run-task-container-overrides",
      "run-task-subnets",
      "run-task-security-groups",
      "wait-for-task-stopped",
      "force-new-deployment",
      "desired-count",
    ],
  },
  "docker/setup-buildx-action": {
    commit: "bb05f3f5519dd87d3ba754cc423b652a5edd6d2c",
    version: "v4.2.0",
    inputs: ["driver", "driver-opts", "platforms", "version"],
  },
  "docker/build-push-action": {
    commit: "53b7df96c91f9c12dcc8a07bcb9ccacbed38856a",
    version: "v7.3.0",
    inputs: [
      "context",
      "file",
      "platforms",
      "push",
      "tags",
      "target",
      "provenance",
      "sbom",
      "secrets",
      "secret-files",
      "secret-envs",
      "build-args",
      "cache-from",
      "cache-to",
      "labels",
      "outputs",
    ],
  },
};
