import { spawnSync } from "node:child_process";

/** The servers a service test may need, Terraform with its AWS provider, and programs of Debian's that a test starts itself. */
export type ServiceName =
  | "docker"
  | "emulation"
  | "faketime"
  | "mysql"
  | "npm"
  | "pgbouncer"
  | "poppler"
  | "postgres"
  | "registry"
  | "s3"
  | "terraform";

/** What shows that a service is here: its variables are set, or a command ends well. */
type Sign =
  | { readonly variables: readonly string[] }
  | { readonly command: readonly string[]; readonly called: string };

const SERVICES: Readonly<Record<ServiceName, Sign>> = {
  docker: { command: ["docker", "info"], called: "a Docker engine" },
  registry: {
    variables: ["TEST_REGISTRY", "TEST_REGISTRY_AUTH", "TEST_REGISTRY_USERNAME", "TEST_REGISTRY_PASSWORD"],
  },
  s3: { variables: ["TEST_S3_ENDPOINT", "TEST_S3_REGION", "TEST_S3_ACCESS_KEY_ID", "TEST_S3_SECRET_ACCESS_KEY"] },
  postgres: { variables: ["TEST_DATABASE_URL"] },
  mysql: { variables: ["TEST_MYSQL_URL"] },
  terraform: { variables: ["TEST_TERRAFORM_PLUGIN_DIR"] },
  npm: { command: ["npm", "view", "commander", "version"], called: "the npm registry" },
  pgbouncer: { command: ["pgbouncer", "--version"], called: "the package pgbouncer" },
  faketime: { command: ["sh", "-c", "ls /usr/lib/*/faketime/libfaketime.so.1"], called: "the package libfaketime" },
  poppler: { command: ["pdftotext", "-v"], called: "the package poppler-utils" },
  emulation: {
    command: ["qemu-aarch64-static", "--version"],
    called: "the packages qemu-user-static and binfmt-support",
  },
};

const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

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

function missingParts(name: ServiceName): readonly string[] {
  const sign = SERVICES[name];
  if ("variables" in sign) return sign.variables.filter((variable) => (process.env[variable] ?? "") === "");
  return succeeds(sign.command) ? [] : [sign.called];
}

const PATIENCE_MS = 60_000;

const answers = new Map<string, boolean>();

/** Asked once in a process. */
function succeeds(command: readonly string[]): boolean {
  const [program = "", ...args] = command;
  const words = command.join(" ");
  const known = answers.get(words);
  if (known !== undefined) return known;
  const answer = spawnSync(program, args, { stdio: "ignore", timeout: PATIENCE_MS }).status === 0;
  answers.set(words, answer);
  return answer;
}
