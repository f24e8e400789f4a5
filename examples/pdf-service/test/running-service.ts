import { randomBytes } from "node:crypto";

import { until } from "@slipway/testkit";
import { execa } from "execa";

import { IMAGES } from "./images.ts";

/** A part of a form: text, or a file with its name. */
export type Part = readonly [field: string, value: string | Buffer, file?: string];

/** What the service said. */
export interface Answer {
  readonly status: number;
  readonly code: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** The service in its container, run as in production: read-only, a temp folder in memory, a user without rights. */
export interface RunningService extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
  get(path: string): Promise<Answer>;
  post(route: "html" | "url", parts: readonly Part[], headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Runs a script in the container. */
  sh(script: string): Promise<string>;
  /** A sample of the metrics, by its whole name. */
  metric(name: string): Promise<number>;
  /** The processes of the container but the shell that looks, each as `state name`. */
  processes(): Promise<readonly string[]>;
  logs(): Promise<string>;
}

const START_MS = 60_000;

/** Between two requests a test may wait for as long as the service keeps a connection, and the next one would meet its end. */
const CLOSE = { connection: "close" };

/** Starts it and waits until it is healthy. */
export async function startService(
  env: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
): Promise<RunningService> {
  const name = `slipway-pdf-${randomBytes(4).toString("hex")}`;
  const limits = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
  const settings = Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  const place = ["--detach", "--name", name, "--publish", "127.0.0.1::3000", "--memory", "2g"];
  await execa("docker", ["run", ...place, ...limits, ...settings, ...more, IMAGES.service]);
  const service = await connectTo(name).catch(async (error: unknown) => {
    await remove(name);
    throw error;
  });
  return service;
}

async function connectTo(name: string): Promise<RunningService> {
  const { stdout: port } = await execa("docker", ["port", name, "3000/tcp"]);
  const url = `http://${port.split("\n")[0] ?? ""}`;
  const sh = async (script: string): Promise<string> =>
    (await execa("docker", ["exec", name, "sh", "-c", script])).stdout;
  const get = async (path: string): Promise<Answer> => answerOf(await fetch(url + path, { headers: CLOSE }));
  const logs = async (): Promise<string> => (await execa("docker", ["logs", name], { all: true })).all;
  await until(
    "the service is healthy",
    async () => (await get("/health").catch(() => undefined))?.status === 200,
    START_MS,
  ).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${await logs()}`, { cause: error });
  });
  return {
    url,
    name,
    get,
    sh,
    logs,
    post: async (route, parts, headers = {}) => {
      const form = new FormData();
      for (const [field, value, file] of parts) {
        if (file === undefined) form.append(field, value.toString());
        else form.append(field, new Blob([new Uint8Array(Buffer.from(value))]), file);
      }
      return answerOf(
        await fetch(`${url}/forms/chromium/convert/${route}`, {
          method: "POST",
          body: form,
          headers: { ...CLOSE, ...headers },
        }),
      );
    },
    metric: async (wanted) => {
      const line = (await get("/metrics")).body
        .toString()
        .split("\n")
        .find((each) => each.startsWith(`${wanted} `));
      return Number(line?.split(" ").at(-1));
    },
    processes: async () => (await sh(PROCESSES)).split("\n"),
    [Symbol.asyncDispose]: () => remove(name),
  };
}

const PROCESSES = `for stat in /proc/[0-9]*/stat; do
  [ "$stat" = "/proc/$$/stat" ] || sed -E 's/^[0-9]+ \\((.*)\\) (.) .*/\\2 \\1/' "$stat" 2>/dev/null
done | grep -v ' sed$'`;

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers, code: headers.get("pdf-error") ?? "OK", body: Buffer.from(await response.arrayBuffer()) };
}

async function remove(name: string): Promise<void> {
  await execa("docker", ["rm", "--force", "--volumes", name]);
}
