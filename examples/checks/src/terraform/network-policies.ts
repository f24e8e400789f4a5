import { appOutput, resourcesOf, text, type PlanJson } from "./plan.ts";
import type { Policy } from "./policy.ts";

/** Who may connect to whom on which port: the whole of it. */
const REACH: ReadonlySet<string> = new Set([
  "internet to alb, http: 80",
  "internet to alb, https: 443",
  "alb to web: 3000",
  "web to pdf: 3000",
  "worker to pdf: 3000",
  "web to database: 5432",
  "worker to database: 5432",
]);

const OUTWARD: ReadonlySet<string> = new Set(["web to AWS: 443", "worker to AWS: 443", "pdf to AWS: 443"]);

/** NAT gateways by environment: dev's tasks have public addresses, prod's have none. */
const NATS: Readonly<Record<string, number>> = { dev: 0, prod: 1 };

/** Rules about the network. */
export const NETWORK_POLICIES: readonly Policy[] = [
  {
    id: "reach-in",
    says: "Connections come in as the table of reach says",
    findings: (plan) => differences(rules(plan, "aws_vpc_security_group_ingress_rule"), REACH),
  },
  {
    id: "reach-out",
    says: "Connections go out to the same ends, and to AWS",
    findings: (plan) => {
      const inner = [...REACH].filter((row) => !row.startsWith("internet"));
      return differences(rules(plan, "aws_vpc_security_group_egress_rule"), new Set([...inner, ...OUTWARD]));
    },
  },
  {
    id: "open-ingress",
    says: "Only the load balancer is open to the internet",
    findings: (plan) =>
      resourcesOf(plan, "aws_vpc_security_group_ingress_rule")
        .filter(({ values }) => ["cidr_ipv4", "cidr_ipv6", "prefix_list_id"].some((name) => text(values[name]) !== ""))
        .filter(({ values }) => !text(values["description"]).startsWith("internet to alb"))
        .map(({ address }) => `${address}: open to a range of addresses`),
  },
  {
    id: "inline-rules",
    says: "A security group has no rules of its own: they fight with separate ones",
    findings: (plan) =>
      resourcesOf(plan, "aws_security_group")
        .filter(({ values }) => Array.isArray(values["ingress"]) || Array.isArray(values["egress"]))
        .map(({ address }) => `${address}: inline rules`),
  },
  {
    id: "nat-mode",
    says: "dev pays for no NAT, prod has one",
    findings: (plan) => {
      const found = resourcesOf(plan, "aws_nat_gateway").length;
      const environment = text(appOutput(plan)["environment"]);
      return found === NATS[environment]
        ? []
        : [`${environment}: ${found} NAT gateways, expected ${NATS[environment]}`];
    },
  },
  {
    id: "s3-gateway",
    says: "S3 is reached through the gateway endpoint, which costs nothing",
    findings: (plan) => {
      const gateways = resourcesOf(plan, "aws_vpc_endpoint").filter(
        ({ values }) => values["vpc_endpoint_type"] === "Gateway" && text(values["service_name"]).endsWith(".s3"),
      );
      return gateways.length === 1 ? [] : ["no S3 gateway endpoint"];
    },
  },
  {
    id: "two-zones",
    says: "Each tier has subnets in two zones",
    findings: (plan) =>
      ["public", "private", "database"].flatMap((tier) => {
        const zones = new Set(
          resourcesOf(plan, "aws_subnet")
            .filter(({ name }) => name === tier)
            .map(({ values }) => text(values["availability_zone"])),
        );
        return zones.size >= 2 ? [] : [`${tier} has subnets in ${zones.size} zone`];
      }),
  },
  {
    id: "database-routes",
    says: "No route leads out of the database's subnets",
    findings: (plan) =>
      resourcesOf(plan, "aws_route")
        .filter(({ name }) => !["internet", "nat"].includes(name))
        .map(({ address }) => `${address}: a route beside those of the public and private tables`),
  },
];

function rules(plan: PlanJson, type: string): readonly string[] {
  return resourcesOf(plan, type).map(({ values }) => {
    const [from, to] = [text(values["from_port"]), text(values["to_port"])];
    const protocol = text(values["ip_protocol"]);
    return `${text(values["description"])}: ${from === to ? from : `${from}-${to}`}${protocol === "tcp" ? "" : ` ${protocol}`}`;
  });
}

function differences(found: readonly string[], expected: ReadonlySet<string>): readonly string[] {
  return [
    ...found.filter((row) => !expected.has(row)).map((row) => `not in the table: ${row}`),
    ...[...expected].filter((row) => !found.includes(row)).map((row) => `missing: ${row}`),
  ];
}
