/** Kinds of parameters that CircleCI has. */
export type ParameterKind = "string" | "boolean" | "integer" | "steps" | "env_var_name" | readonly string[];

/** A command or job of an orb: its parameters by name. A name that ends in `!` is required. */
export type OrbElement = Readonly<Record<string, ParameterKind>>;

/** An orb at a version: what a configuration may use of it. */
export interface OrbContract {
  readonly version: string;
  readonly commands: Readonly<Record<string, OrbElement>>;
  readonly jobs: Readonly<Record<string, OrbElement>>;
}

/**
 * The day on which the tables were written, from stored copies of the orbs' sources and the notes of their releases: a
 * parameter that the newest release added may be missing here.
 */
export const ORB_CONTRACT_DATE = "2026-11-28";

const IMAGE_BUILD = {
  "auth!": "steps",
  "repo!": "string",
  account_id: "string",
  region: "string",
  profile_name: "string",
  tag: "string",
  path: "string",
  build_path: "string",
  dockerfile: "string",
  platform: "string",
  extra_build_args: "string",
  push_image: "boolean",
  skip_when_tags_exist: "boolean",
  checkout: "boolean",
  create_repo: "boolean",
  setup_remote_docker: "boolean",
  remote_docker_layer_caching: "boolean",
  no_output_timeout: "string",
  lifecycle_policy_path: "string",
  attach_workspace: "boolean",
  workspace_root: "string",
} as const satisfies OrbElement;

const TASK_DEFINITION = {
  "family!": "string",
  container_image_name_updates: "string",
  container_env_var_updates: "string",
  container_secret_updates: "string",
  container_docker_label_updates: "string",
  task_definition_tags: "string",
  previous_revision_number: "string",
  profile_name: "string",
  region: "string",
} as const satisfies OrbElement;

const SERVICE_UPDATE = {
  ...TASK_DEFINITION,
  "cluster!": "string",
  service_name: "string",
  deployment_controller: ["ECS", "CODE_DEPLOY"],
  force_new_deployment: "boolean",
  enable_circuit_breaker: "boolean",
  verify_revision_is_deployed: "boolean",
  verification_timeout: "string",
  max_poll_attempts: "integer",
  poll_interval: "integer",
  fail_on_verification_timeout: "boolean",
  skip_task_definition_registration: "boolean",
} as const satisfies OrbElement;

const TASK_RUN = {
  "cluster!": "string",
  "task_definition!": "string",
  launch_type: ["FARGATE", "EC2", ""],
  platform_version: "string",
  count: "integer",
  started_by: "string",
  awsvpc: "boolean",
  subnet_ids: "string",
  security_group_ids: "string",
  assign_public_ip: ["ENABLED", "DISABLED"],
  overrides: "string",
  run_task_output: "string",
  wait_task_stopped: "boolean",
  exit_code_from: "string",
  no_output_timeout: "string",
  profile_name: "string",
  region: "string",
} as const satisfies OrbElement;

/**
 * The parts of the three orbs that deployments of this kind use. CircleCI's own schema cannot see parameters of orbs, and its
 * validator needs an account.
 *
 * @see https://github.com/CircleCI-Public/aws-ecr-orb
 * @see https://github.com/CircleCI-Public/aws-ecs-orb
 * @see https://github.com/CircleCI-Public/aws-cli-orb
 */
export const ORBS: Readonly<Record<string, OrbContract>> = {
  "circleci/aws-cli": {
    version: "5.4.1",
    commands: {
      install: { version: "string", override_installed: "boolean", disable_aws_pager: "boolean" },
      setup: {
        role_arn: "string",
        role_session_name: "string",
        session_duration: "string",
        profile_name: "string",
        region: "string",
        version: "string",
        set_aws_env_vars: "boolean",
        configure_default_region: "boolean",
        configure_profile_region: "boolean",
        disable_aws_install: "boolean",
        when: ["on_success", "on_fail", "always"],
      },
    },
    jobs: {},
  },
  "circleci/aws-ecr": {
    version: "9.8.1",
    commands: {
      build_and_push_image: {
        ...IMAGE_BUILD,
        repo_image_tag_mutability: ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"],
      },
      ecr_login: { account_id: "string", region: "string", profile_name: "string" },
    },
    jobs: {
      build_and_push_image: { ...IMAGE_BUILD, executor: "string", repo_image_tag_mutability: ["MUTABLE", "IMMUTABLE"] },
    },
  },
  "circleci/aws-ecs": {
    version: "8.0.0",
    commands: {
      update_task_definition: TASK_DEFINITION,
      update_service: SERVICE_UPDATE,
      run_task: TASK_RUN,
      verify_revision_is_deployed: {
        "family!": "string",
        "cluster!": "string",
        "task_definition_arn!": "string",
        service_name: "string",
        max_poll_attempts: "integer",
        poll_interval: "integer",
        fail_on_verification_timeout: "boolean",
        profile_name: "string",
        region: "string",
      },
    },
    jobs: {
      update_task_definition: { ...TASK_DEFINITION, "auth!": "steps" },
      deploy_service_update: { ...SERVICE_UPDATE, "auth!": "steps" },
      run_task: { ...TASK_RUN, "auth!": "steps" },
    },
  },
};
