import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { renderDockerfile } from "@slipway/base-image";
import { describe, expect, it } from "vitest";

import pdfService from "../../pdf-service/image.config.ts";
import railsApp from "../../rails-app/image.config.ts";
import { baseImageFindings, dockerfileFindings } from "../src/dockerfile.ts";

const EXAMPLES = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(EXAMPLES, path), "utf8");

/** The post's file list. */
const POST_FILES = [
  "README.md",
  "main.tf",
  "versions.tf",
  ...[
    "alb",
    "bastion",
    "cloudwatch",
    "ecr_repository",
    "ecs",
    "iam_policy",
    "iam_role",
    "iam_user",
    "igw",
    "nat",
    "output",
    "parameter_store",
    "rds",
    "route_table",
    "security_group",
    "subnet",
    "variables",
    "vpc",
  ].map((name) => `modules/${name}.tf`),
];

describe("the Terraform tree", () => {
  it.each(POST_FILES)("has the post's %s", (file) => {
    expect(existsSync(join(EXAMPLES, "terraform", file))).toBe(true);
  });
});

describe("the base image", () => {
  const sources = {
    definition: read("base-image/base-image.config.ts"),
    dockerfile: read("rails-app/Dockerfile"),
    printer: read("pdf-service/Dockerfile"),
    circleci: read("circleci/config.yml"),
    github: read("github-actions/deploy.yml"),
  };

  it("is one and the same in definition, Dockerfile and both pipelines", () => {
    expect(baseImageFindings(sources)).toEqual([]);
  });

  it.each([
    { file: "dockerfile", from: "slipway-base:runtime", to: "ruby:3.3" },
    { file: "printer", from: "slipway-base:pdf", to: "gotenberg/gotenberg:9" },
    { file: "printer", from: "ARG BASE_PDF=", to: "ARG BASE=" },
    { file: "github", from: "BASE_PDF=acme/slipway-base:pdf", to: "BASE_PDF=acme/slipway-base:ci" },
    { file: "circleci", from: "acme/slipway-base:ci", to: "cimg/ruby:3.3" },
    { file: "github", from: "container: acme/slipway-base:ci", to: "container: ruby:3.3" },
    { file: "github", from: "BASE_RUNTIME=acme/slipway-base:runtime", to: "BASE_RUNTIME=other/slipway-base:runtime" },
    { file: "definition", from: 'name: "slipway-base"', to: 'name: "ruby-node"' },
  ] as const)("is not when $file has $to", ({ file, from, to }) => {
    expect(sources[file]).toContain(from);
    expect(baseImageFindings({ ...sources, [file]: sources[file].replaceAll(from, to) })).not.toEqual([]);
  });
});

describe("the Dockerfiles", () => {
  const text = read("rails-app/Dockerfile");

  it("are what their definitions render", () => {
    expect(text).toBe(renderDockerfile(railsApp).text);
    expect(read("pdf-service/Dockerfile")).toBe(renderDockerfile(pdfService).text);
  });

  it("hold no secret, and start with nothing that belongs to a release", () => {
    expect(dockerfileFindings(text)).toEqual([]);
    expect(dockerfileFindings(read("pdf-service/Dockerfile"))).toEqual([]);
  });

  it.each([
    { mistake: "a key as an argument", line: "ARG AWS_SECRET_ACCESS_KEY" },
    { mistake: "a key in the environment", line: "ENV RAILS_MASTER_KEY=0123" },
    { mistake: "a migration in CMD", line: 'CMD ["sh", "-c", "bin/rails db:migrate && puma"]' },
    { mistake: "a compilation in ENTRYPOINT", line: 'ENTRYPOINT ["bin/rails", "assets:precompile"]' },
    { mistake: "an upload in CMD", line: 'CMD ["asset-sync", "sync", "public"]' },
  ])("are refused with $mistake", ({ line }) => {
    expect(dockerfileFindings(`${text}\n${line}\n`)).not.toEqual([]);
  });
});
