import { execa } from "execa";

/** Where the S3 and the database of the Docker demo are, and who may write there. */
export interface Servers {
  readonly s3: {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
  /** A PostgreSQL URL whose user may create databases. */
  readonly databaseUrl: string;
}

const VARIABLES = [
  "TEST_S3_ENDPOINT",
  "TEST_S3_REGION",
  "TEST_S3_ACCESS_KEY_ID",
  "TEST_S3_SECRET_ACCESS_KEY",
  "TEST_DATABASE_URL",
] as const;

/** Reads the servers from the variables the tests use, or names those that are missing. */
export function readServers(
  env: Readonly<Record<string, string | undefined>>,
): Servers | { readonly missing: readonly string[] } {
  const missing = VARIABLES.filter((name) => (env[name] ?? "") === "");
  if (missing.length > 0) return { missing };
  const value = (name: (typeof VARIABLES)[number]): string => env[name] ?? "";
  return {
    s3: {
      endpoint: value("TEST_S3_ENDPOINT"),
      region: value("TEST_S3_REGION"),
      accessKeyId: value("TEST_S3_ACCESS_KEY_ID"),
      secretAccessKey: value("TEST_S3_SECRET_ACCESS_KEY"),
    },
    databaseUrl: value("TEST_DATABASE_URL"),
  };
}

/** The servers, where they are named and an engine answers; otherwise what is lacking. */
export async function lookForServers(): Promise<Servers | { readonly lacking: string }> {
  const servers = readServers(process.env);
  if ("missing" in servers) {
    return { lacking: `${servers.missing.join(", ")} not set: say where S3 and PostgreSQL are` };
  }
  const engine = await execa("docker", ["version", "--format", "{{.Server.Version}}"], { reject: false });
  return engine.exitCode === 0 ? servers : { lacking: "no Docker engine answers at the default socket" };
}
