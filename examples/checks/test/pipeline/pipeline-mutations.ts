/** A mistake in a pipeline's text, and the rule that is there to find it. */
export interface PipelineMutation {
  readonly mistake: string;
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export const CIRCLECI_MUTATIONS: readonly PipelineMutation[] = [
  {
    mistake: "a kebab-case parameter of v8",
    rule: "kebab-case",
    from: "extra_build_args: >-\n            --provenance",
    to: "extra-build-args: >-\n            --provenance",
  },
  {
    mistake: "the kebab-case of the ECS orb",
    rule: "kebab-case",
    from: "container_image_name_updates:",
    to: "container-image-name-updates:",
  },
  {
    mistake: "no auth",
    rule: "missing-parameter",
    from: "          auth:\n            - sign-in:\n                environment: << parameters.environment >>\n                role: build\n",
    to: "",
  },
  {
    mistake: "no family",
    rule: "missing-parameter",
    from: "          family: proff-<< parameters.environment >>-<< parameters.service >>\n",
    to: "",
  },
  {
    mistake: "no environment for a job",
    rule: "missing-parameter",
    from: "          name: build-dev\n          environment: dev\n",
    to: "          name: build-dev\n",
  },
  {
    mistake: "a parameter nobody has",
    rule: "unknown-parameter",
    from: "platform: linux/arm64",
    to: "platforms: linux/arm64",
  },
  { mistake: "the AWS account under its old name", rule: "unknown-parameter", from: "account_id:", to: "registry_id:" },
  { mistake: "a text for a boolean", rule: "parameter-value", from: "checkout: false", to: 'checkout: "no"' },
  {
    mistake: "an environment that is none",
    rule: "parameter-value",
    from: "name: deploy-dev\n          environment: dev",
    to: "name: deploy-dev\n          environment: staging",
  },
  { mistake: "a role that is none", rule: "parameter-value", from: "role: deploy\n", to: "role: admin\n" },
  {
    mistake: "a command that the orb has not",
    rule: "unknown-orb-element",
    from: "aws-ecs/update_task_definition",
    to: "aws-ecs/register_task_definition",
  },
  {
    mistake: "a job of an orb that it has not",
    rule: "unknown-orb-element",
    from: "      - build:\n          name: build-dev",
    to: "      - aws-ecr/build:\n          name: build-dev",
  },
  { mistake: "another version than the table's", rule: "orb-version", from: "aws-ecr@9.8.1", to: "aws-ecr@8.2.1" },
  { mistake: "an orb without a table", rule: "orb-version", from: "circleci/aws-cli@5.4.1", to: "circleci/aws@1.0.0" },
  {
    mistake: "a parameter that is not declared",
    rule: "undeclared-parameter",
    from: "repo: proff-<< parameters.environment >>",
    to: "repo: proff-<< parameters.workspace >>",
  },
  { mistake: "requires as a text", rule: "requires", from: "requires: [build-dev]", to: "requires: build-dev" },
  {
    mistake: "requires a job that is not there",
    rule: "requires",
    from: "requires: [approve]",
    to: "requires: [approved]",
  },
  {
    mistake: "dev's context for prod",
    rule: "context",
    from: "name: deploy-prod\n          environment: prod\n          context: [proff-prod]",
    to: "name: deploy-prod\n          environment: prod\n          context: [proff-dev]",
  },
  {
    mistake: "no context",
    rule: "context",
    from: "name: deploy-prod\n          environment: prod\n          context: [proff-prod]\n",
    to: "name: deploy-prod\n          environment: prod\n",
  },
  {
    mistake: "a second context, with keys",
    rule: "context",
    from: "context: [proff-prod]",
    to: "context: [proff-prod, aws-keys]",
  },
  { mistake: "prod from any branch", rule: "branch", from: "only: main", to: "ignore: develop" },
  { mistake: "an image by tag", rule: "by-digest", from: "image-and-tag=${IMAGE}", to: "tag=latest" },
  {
    mistake: "deployments side by side",
    rule: "serial-group",
    from: "          serial-group: << pipeline.project.slug >>/deploy-prod\n",
    to: "",
  },
  {
    mistake: "a queue of its own for each pipeline",
    rule: "serial-group",
    from: "serial-group: << pipeline.project.slug >>/deploy-prod",
    to: "serial-group: << pipeline.id >>",
  },
  {
    mistake: "a migration that may fail",
    rule: "optional",
    from: "main.ts migrate --file release/release.json",
    to: "main.ts migrate --file release/release.json || true",
  },
  {
    mistake: "an update whatever the migration said",
    rule: "optional",
    from: "main.ts update --file release/release.json",
    to: "main.ts update --file release/release.json\n          when: always",
  },
  {
    mistake: "another Region",
    rule: "region",
    from: "region: ${AWS_DEFAULT_REGION}\n          container",
    to: "region: us-east-1\n          container",
  },
  {
    mistake: "a static key",
    rule: "static-keys",
    from: "role_session_name: circleci",
    to: "aws_access_key_id: $KEY\n          role_session_name: circleci",
  },
  {
    mistake: "a step that is none",
    rule: "unknown-step",
    from: "      - restore_cache:",
    to: "      - restore-cache:",
  },
  {
    mistake: "a job that is not defined",
    rule: "unknown-job",
    from: "      - deploy:\n          name: deploy-dev",
    to: "      - ship:\n          name: deploy-dev",
  },
  { mistake: "a misspelt key of a job", rule: "job-key", from: "executor: ci-database", to: "executer: ci-database" },
  { mistake: "a job that runs nowhere", rule: "executor", from: "    executor: ci\n", to: "" },
  {
    mistake: "an executor that is not defined",
    rule: "executor",
    from: "executor: ci-database",
    to: "executor: database",
  },
  { mistake: "a misspelt key of a step", rule: "run-key", from: "no_output_timeout: 2h", to: "no-output-timeout: 2h" },
];

export const GITHUB_MUTATIONS: readonly PipelineMutation[] = [
  {
    mistake: "an action by tag",
    rule: "pinned",
    from: "docker/build-push-action@53b7df96c91f9c12dcc8a07bcb9ccacbed38856a # v7.3.0",
    to: "docker/build-push-action@v7",
  },
  {
    mistake: "a commit that is another's",
    rule: "pinned",
    from: "amazon-ecr-login@03f1aad4",
    to: "amazon-ecr-login@13f1aad4",
  },
  {
    mistake: "an action nobody looked at",
    rule: "unknown-action",
    from: "docker/setup-buildx-action@",
    to: "docker/setup-qemu-action@",
  },
  { mistake: "an input of another action", rule: "unknown-input", from: "secret-files:", to: "secret-file:" },
  { mistake: "an input that is none", rule: "unknown-input", from: "container-name: web", to: "container: web" },
  { mistake: "no image", rule: "missing-input", from: "          image: ${{ steps.images.outputs.app }}\n", to: "" },
  { mistake: "no region", rule: "missing-input", from: "          aws-region: ${{ vars.AWS_REGION }}\n", to: "" },
  { mistake: "no token for OIDC", rule: "oidc", from: "      id-token: write\n", to: "" },
  {
    mistake: "no role",
    rule: "oidc",
    from: "          role-to-assume: arn:aws:iam::${{ vars.AWS_ACCOUNT_ID }}:role/proff-${{ env.ENVIRONMENT }}-ci-deploy\n",
    to: "",
  },
  {
    mistake: "any account",
    rule: "account",
    from: "          allowed-account-ids: ${{ vars.AWS_ACCOUNT_ID }}\n",
    to: "",
  },
  {
    mistake: "a deployment outside of any environment",
    rule: "environment",
    from: "    environment: ${{ github.ref_name == 'main' && 'prod' || 'dev' }}\n",
    to: "",
  },
  {
    mistake: "a deployment of pull requests",
    rule: "trigger",
    from: "on:\n  push:",
    to: "on:\n  pull_request_target:\n  push:",
  },
  {
    mistake: "a branch's name in a script",
    rule: "expression",
    from: "run: bin/rails db:prepare test",
    to: "run: echo ${{ github.ref_name }}; bin/rails db:prepare test",
  },
  {
    mistake: "an image by tag",
    rule: "by-digest",
    from: "image: ${{ steps.images.outputs.app }}",
    to: "image: acme/app:latest",
  },
  {
    mistake: "a service that is updated before the migration",
    rule: "register-only",
    from: "task-definition: ${{ steps.web.outputs.task-definition }}",
    to: "task-definition: ${{ steps.web.outputs.task-definition }}\n          service: web",
  },
  {
    mistake: "another Region",
    rule: "region",
    from: "aws-region: ${{ vars.AWS_REGION }}",
    to: "aws-region: us-east-1",
  },
  {
    mistake: "a failure that is hidden",
    rule: "optional",
    from: "main.ts verify --file release/release.json",
    to: "main.ts verify --file release/release.json || true",
  },
  {
    mistake: "a migration that may fail",
    rule: "optional",
    from: "      - name: Migrate\n",
    to: "      - name: Migrate\n        continue-on-error: true\n",
  },
  {
    mistake: "deployments that are cancelled",
    rule: "concurrency",
    from: "cancel-in-progress: false",
    to: "cancel-in-progress: true",
  },
  {
    mistake: "more permissions than needed",
    rule: "permissions",
    from: "permissions:\n  contents: read\n\nconcurrency",
    to: "permissions:\n  contents: write\n\nconcurrency",
  },
  {
    mistake: "a static key",
    rule: "static-keys",
    from: "role-session-name: github-build",
    to: "aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}",
  },
];
