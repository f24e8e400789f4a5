import { describe, expect, it } from "vitest";

import type { S3Target } from "../../src/config/target.ts";
import { rolePolicy, ROLES, type Role, type Statement, type UsedOptions } from "../../src/preflight/role-policy.ts";
import { BUCKET } from "../sync/fixture.ts";

const target = (region?: string): S3Target => ({
  kind: "s3",
  url: `s3://${BUCKET}`,
  bucket: BUCKET,
  prefix: "",
  ...(region === undefined ? {} : { region }),
});
const used: UsedOptions = {
  encryption: { algorithm: "aws:kms", keyId: "alias/assets" },
  cloudfront: { distribution: "E2EXAMPLE", root: "/" },
  services: [{ cluster: "production", service: "web" }],
};

function ecs(role: Role): readonly Statement[] {
  return rolePolicy(role, target("eu-west-1"), used).Statement.filter(({ Action }) => Action[0]?.startsWith("ecs:"));
}

describe("the policy that is printed", () => {
  it.each([
    [undefined, "aws"],
    ["eu-west-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["us-isob-east-1", "aws-iso-b"],
  ])("names resources of the partition of region %s", (region, partition) => {
    const statements = ROLES.flatMap((role) => rolePolicy(role, target(region), used).Statement);
    const resources = statements.flatMap(({ Resource, Condition }) => [
      ...Resource,
      ...Object.values(Condition?.ArnLike ?? {}).flat(),
    ]);
    const partitions = resources.filter((one) => one !== "*").map((one) => one.split(":")[1]);
    expect(new Set(partitions)).toEqual(new Set([partition]));
    expect(resources.length).toBeGreaterThan(10);
  });

  it("lets a collection ask ECS what it asks, of the named services, and nobody else", () => {
    expect(ecs("collect")).toEqual([
      {
        Sid: "SeeService1",
        Effect: "Allow",
        Action: ["ecs:DescribeServices", "ecs:DescribeTasks"],
        Resource: ["arn:aws:ecs:eu-west-1:*:service/production/web", "arn:aws:ecs:eu-west-1:*:task/production/*"],
      },
      {
        Sid: "ListTasks1",
        Effect: "Allow",
        Action: ["ecs:ListTasks"],
        Resource: ["*"],
        Condition: { ArnLike: { "ecs:cluster": ["arn:aws:ecs:eu-west-1:*:cluster/production"] } },
      },
      { Sid: "ReadTaskDefinitions", Effect: "Allow", Action: ["ecs:DescribeTaskDefinition"], Resource: ["*"] },
    ]);
    expect([ecs("build"), ecs("verify")]).toEqual([[], []]);
  });
});
