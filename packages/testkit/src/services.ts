import { spawnSync } from "node:child_process";

/** The servers a service test may need, and Terraform with its AWS provider. */
export type ServiceName = "docker" | "registry" | "s3" | "postgres" | "mysql" | "terraform";

const SERVICE_NAMES: readonly ServiceName[] = ["docker", "registry", "s3", "postgres", "mysql", "terraform"];

/** A service is present when all of its variables are set; `docker` needs none but an engine that answers. */
const SERVICES: Readonly<Record<ServiceName, readonly string[]>> = {
  docker: [],
  registry: ["TEST_REGISTRY", "TEST_REGISTRY_AUTH", "TEST_REGISTRY_USERNAME", "TEST_REGISTRY_PASSWORD"],
  s3: ["TEST_S3_ENDPOINT", "TEST_S3_REGION", "TEST_S3_ACCESS_KEY_ID", "TEST_S3_SECRET_ACCESS_KEY"],
  postgres: ["TEST_DATABASE_URL"],
  mysql: ["TEST_MYSQL_URL"],
  terraform: ["TEST_TERRAFORM_PLUGIN_DIR"],
};

/** Whether the tests of these services can run, and if not, the one line that says why. */
export interface ServiceLookup {
  readonly available: boolean;
  readonly reason: string;
}

/**
 * Looks the services up. With `REQUIRE_SERVICES=1` a missing one is an error, so that a suite that must not skip cannot.
 */
export function lookUpServices(...names: readonly ServiceName[]): ServiceLookup {
  const missing = names.flatMap((name) => missingParts(name));
  if (missing.length === 0) return { available: true, reason: "" };
  const reason = `needs ${missing.join(", ")} (CONTRIBUTING.md, "Services")`;
  if (process.env["REQUIRE_SERVICES"] === "1") {
    throw new Error(`REQUIRE_SERVICES=1, but this suite ${reason}`);
  }
  return { available: false, reason };
}

/** Every service that is not here, each with what would make it so. */
export function missingServices(): string[] {
  return SERVICE_NAMES.flatMap((name) => {
    const parts = missingParts(name);
    return parts.length === 0 ? [] : [`${name} (${parts.join(", ")})`];
  });
}

/** The value of a variable a service look-up has already found. */
export function serviceVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set: look the service up first`);
  return value;
}

function missingParts(name: ServiceName): string[] {
  if (name === "docker") return dockerAnswers() ? [] : ["a Docker engine"];
  return SERVICES[name].filter((variable) => (process.env[variable] ?? "") === "");
}

let dockerAnswer: boolean | undefined;

function dockerAnswers(): boolean {
  dockerAnswer ??= spawnSync("docker", ["info", "--format", "{{.ServerVersion}}"], { stdio: "ignore" }).status === 0;
  return dockerAnswer;
}
