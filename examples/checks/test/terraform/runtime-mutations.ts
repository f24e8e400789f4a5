import { add, container, each, remove, set, type PlanMutation } from "./edit-plan.ts";

/** Mistakes in services, network and load balancer. */
export const RUNTIME_MUTATIONS: readonly PlanMutation[] = [
  {
    mistake: "a breaker that does not roll back",
    policy: "circuit-breaker",
    mutate: set("aws_ecs_service", { deployment_circuit_breaker: [{ enable: true, rollback: false }] }, "web"),
  },
  {
    mistake: "no breaker",
    policy: "circuit-breaker",
    mutate: set("aws_ecs_service", { deployment_circuit_breaker: [] }, "pdf"),
  },
  {
    mistake: "no grace period",
    policy: "grace-period",
    mutate: set("aws_ecs_service", { health_check_grace_period_seconds: null }, "web"),
  },
  {
    mistake: "half of the tasks at a time",
    policy: "never-below",
    mutate: set("aws_ecs_service", { deployment_minimum_healthy_percent: 50 }, "web"),
  },
  {
    mistake: "the default deregistration delay",
    policy: "drain",
    mutate: set("aws_lb_target_group", { deregistration_delay: "300" }),
  },
  {
    mistake: "a health check behind Basic Auth",
    policy: "health-path",
    mutate: (plan) => each(plan, "aws_lb_target_group", (v) => (v.health_check[0].path = "/")),
  },
  {
    mistake: "redirects count as health",
    policy: "health-path",
    mutate: (plan) => each(plan, "aws_lb_target_group", (v) => (v.health_check[0].matcher = "200-399")),
  },
  {
    mistake: "targets by instance",
    policy: "target-type",
    mutate: set("aws_lb_target_group", { target_type: "instance" }),
  },
  {
    mistake: "plain HTTP is answered",
    policy: "https",
    mutate: (plan) => each(plan, "aws_lb_listener", (v) => (v.default_action[0].type = "forward"), "http"),
  },
  {
    mistake: "TLS 1.0",
    policy: "https",
    mutate: set("aws_lb_listener", { ssl_policy: "ELBSecurityPolicy-2016-08" }, "https"),
  },
  { mistake: "invalid headers pass", policy: "headers", mutate: set("aws_lb", { drop_invalid_header_fields: false }) },
  {
    mistake: "ECS Exec on a read-only root",
    policy: "exec-root",
    mutate: (plan) => {
      set("aws_ecs_service", { enable_execute_command: true }, "web")(plan);
      container((c) => (c.readonlyRootFilesystem = true))(plan);
    },
  },
  {
    mistake: "tasks before there is an image",
    policy: "count",
    mutate: set("aws_ecs_service", { desired_count: 2 }, "web"),
  },
  {
    mistake: "the database is open to pdf",
    policy: "reach-in",
    mutate: (plan) =>
      add(plan, "aws_vpc_security_group_ingress_rule", "inner", {
        description: "pdf to database",
        from_port: 5432,
        to_port: 5432,
      }),
  },
  {
    mistake: "web cannot reach pdf",
    policy: "reach-in",
    mutate: (plan) => remove(plan, "aws_vpc_security_group_ingress_rule", "web-pdf"),
  },
  {
    mistake: "web may not connect to the database",
    policy: "reach-out",
    mutate: (plan) => remove(plan, "aws_vpc_security_group_egress_rule", "web-database"),
  },
  {
    mistake: "a task without a way to ECR",
    policy: "reach-out",
    mutate: (plan) => remove(plan, "aws_vpc_security_group_egress_rule", "pdf"),
  },
  {
    mistake: "every port out",
    policy: "reach-out",
    mutate: set("aws_vpc_security_group_egress_rule", { from_port: 0, to_port: 65535 }, "web"),
  },
  {
    mistake: "web is open to the internet",
    policy: "open-ingress",
    mutate: set("aws_vpc_security_group_ingress_rule", { cidr_ipv4: "0.0.0.0/0" }, "alb-web"),
  },
  {
    mistake: "inline rules",
    policy: "inline-rules",
    mutate: set("aws_security_group", { ingress: [{ from_port: 22 }] }, "web"),
  },
  { mistake: "prod without NAT", policy: "nat-mode", mutate: (plan) => remove(plan, "aws_nat_gateway") },
  { mistake: "no S3 gateway", policy: "s3-gateway", mutate: (plan) => remove(plan, "aws_vpc_endpoint") },
  { mistake: "one zone", policy: "two-zones", mutate: (plan) => remove(plan, "aws_subnet", "ap-northeast-1c") },
  {
    mistake: "a way out of the database's subnets",
    policy: "database-routes",
    mutate: (plan) => add(plan, "aws_route", "database", {}),
  },
];
