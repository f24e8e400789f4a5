import { containers } from "./containers.ts";
import { block, list, resourcesOf, text, type PlanJson } from "./plan.ts";
import type { Policy } from "./policy.ts";

/** Rules about services and the load balancer before them. */
export const SERVICE_POLICIES: readonly Policy[] = [
  {
    id: "circuit-breaker",
    says: "A deployment that fails is ended and rolled back",
    findings: (plan) =>
      resourcesOf(plan, "aws_ecs_service")
        .filter(({ values }) => {
          const breaker = block(values, "deployment_circuit_breaker");
          return breaker["enable"] !== true || breaker["rollback"] !== true;
        })
        .map(({ address }) => `${address}: the circuit breaker does not roll back`),
  },
  {
    id: "grace-period",
    says: "A service behind the load balancer has time to start",
    findings: (plan) =>
      resourcesOf(plan, "aws_ecs_service")
        .filter(({ values }) => list(values["load_balancer"]).length > 0)
        .filter(({ values }) => Number(values["health_check_grace_period_seconds"] ?? 0) <= 0)
        .map(({ address }) => `${address}: health_check_grace_period_seconds is not set`),
  },
  {
    id: "load-balanced",
    says: "web is behind the load balancer, and nothing else is",
    findings: (plan) =>
      resourcesOf(plan, "aws_ecs_service")
        .filter(({ index, values }) => list(values["load_balancer"]).length !== (index === "web" ? 1 : 0))
        .map(({ address, values }) => `${address}: ${list(values["load_balancer"]).length} target groups`),
  },
  {
    id: "never-below",
    says: "A deployment starts the new tasks before it stops the old ones",
    findings: (plan) =>
      resourcesOf(plan, "aws_ecs_service")
        .filter(({ values }) => Number(values["deployment_minimum_healthy_percent"]) < 100)
        .map(({ address }) => `${address}: deployment_minimum_healthy_percent is below 100`),
  },
  {
    id: "drain",
    says: "The load balancer lets go of a task before its stopTimeout has passed",
    findings: (plan) => {
      const shortest = Math.min(...containers(plan).map(({ definition }) => Number(definition["stopTimeout"] ?? 30)));
      return resourcesOf(plan, "aws_lb_target_group")
        .filter(({ values }) => Number(values["deregistration_delay"]) > shortest)
        .map(
          ({ address, values }) =>
            `${address}: ${text(values["deregistration_delay"])} s, stopTimeout is ${shortest} s`,
        );
    },
  },
  {
    id: "health-path",
    says: "The load balancer asks for /up and expects 200",
    findings: (plan) =>
      resourcesOf(plan, "aws_lb_target_group").flatMap(({ address, values }) => {
        const check = block(values, "health_check");
        return check["path"] === "/up" && check["matcher"] === "200"
          ? []
          : [`${address}: asks for ${text(check["path"])}`];
      }),
  },
  {
    id: "target-type",
    says: "Targets are addresses, as awsvpc tasks need",
    findings: (plan) =>
      resourcesOf(plan, "aws_lb_target_group")
        .filter(({ values }) => values["target_type"] !== "ip")
        .map(({ address }) => `${address}: target_type is not ip`),
  },
  {
    id: "https",
    says: "Plain HTTP is redirected, TLS 1.2 is the oldest spoken",
    findings: (plan) => [...plainListeners(plan), ...tlsListeners(plan)],
  },
  {
    id: "headers",
    says: "Invalid header fields are dropped",
    findings: (plan) =>
      resourcesOf(plan, "aws_lb")
        .filter(({ values }) => values["drop_invalid_header_fields"] !== true)
        .map(({ address }) => `${address}: drop_invalid_header_fields is not on`),
  },
  {
    id: "exec-root",
    says: "ECS Exec and a read-only root file system exclude each other",
    findings: (plan) => {
      const exec = resourcesOf(plan, "aws_ecs_service").some(({ values }) => values["enable_execute_command"] === true);
      return containers(plan)
        .filter(({ definition }) => exec && definition["readonlyRootFilesystem"] === true)
        .map(({ where }) => `${where}: read-only, while ECS Exec is on`);
    },
  },
  {
    id: "count",
    says: "A service starts with no task: the pipeline brings the first image",
    findings: (plan) =>
      resourcesOf(plan, "aws_ecs_service")
        .filter(({ values }) => values["desired_count"] !== 0)
        .map(({ address, values }) => `${address}: desired_count is ${text(values["desired_count"])}`),
  },
];

function plainListeners(plan: PlanJson): readonly string[] {
  return resourcesOf(plan, "aws_lb_listener")
    .filter(({ values }) => values["protocol"] === "HTTP" && block(values, "default_action")["type"] !== "redirect")
    .map(({ address }) => `${address}: answers plain HTTP`);
}

function tlsListeners(plan: PlanJson): readonly string[] {
  return resourcesOf(plan, "aws_lb_listener")
    .filter(({ values }) => values["protocol"] === "HTTPS" && !/TLS13-1-[23]-/.test(text(values["ssl_policy"])))
    .map(({ address, values }) => `${address}: ssl_policy is ${text(values["ssl_policy"])}`);
}
