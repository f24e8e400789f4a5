import { parseHostRules, type HostRule } from "./egress/host-rules.ts";

/** What an operator sets; every part has a default that suits a task of 1 vCPU and 2 GiB. */
export interface Config {
  readonly port: number;
  /** Pages that are printed at a time. */
  readonly concurrency: number;
  /** Requests that wait for a free place; one more is answered 429. */
  readonly queue: number;
  /** For the upload; again for waiting and printing; and again until the client has the PDF. */
  readonly timeoutMs: number;
  /** Of one request's body. */
  readonly bodyBytes: number;
  /** Of all bodies that wait or are printed. */
  readonly heldBytes: number;
  /** Of one PDF. */
  readonly pdfBytes: number;
  /** Of what one page may fetch, as it is sent. */
  readonly fetchBytes: number;
  /** Prints after which a browser is replaced. */
  readonly recycleAfter: number;
  /** Memory of the browser's processes together above which it is replaced; half as much again ends it at once. */
  readonly memoryBytes: number;
  /** How long running prints, and PDFs that are being sent, may go on after TERM; ECS kills at `stopTimeout`. */
  readonly stopMs: number;
  /** Hosts that may have private addresses. */
  readonly allowedHosts: readonly HostRule[];
  /** Whether pages may fetch from hosts that are not in the list, if their addresses are public. */
  readonly publicHosts: boolean;
}

/** What an environment says, or every fault in it. */
export type ConfigReading =
  | { readonly kind: "config"; readonly config: Config }
  | { readonly kind: "faults"; readonly faults: readonly string[] };

interface Whole {
  readonly least: number;
  readonly most: number;
  readonly normal: number;
}

const MEGABYTE = 1e6;
const SHARE_OF_MEMORY = 0.6;

const NUMBERS = {
  PORT: { least: 1, most: 65_535, normal: 3000 },
  PDF_CONCURRENCY: { least: 1, most: 64, normal: 6 },
  PDF_QUEUE: { least: 0, most: 10_000, normal: 30 },
  PDF_TIMEOUT_SECONDS: { least: 1, most: 600, normal: 30 },
  PDF_BODY_MB: { least: 1, most: 500, normal: 20 },
  PDF_HELD_MB: { least: 1, most: 4000, normal: 200 },
  PDF_OUTPUT_MB: { least: 1, most: 500, normal: 50 },
  PDF_FETCH_MB: { least: 1, most: 4000, normal: 100 },
  PDF_RECYCLE_AFTER: { least: 1, most: 100_000, normal: 100 },
  PDF_STOP_SECONDS: { least: 1, most: 115, normal: 50 },
} as const satisfies Record<string, Whole>;

const OTHERS = new Set(["PDF_MEMORY_MB", "PDF_ALLOWED_HOSTS", "PDF_PUBLIC_HOSTS"]);

/**
 * Reads the environment. A value that does not parse, and a `PDF_…` variable that does not exist, are faults: a typing error
 * must not become a default.
 *
 * @param memoryLimit the container's memory in bytes, of which the browser gets six tenths; undefined where there is no limit
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  memoryLimit: number | undefined,
): ConfigReading {
  const faults: string[] = [];
  const number = (name: keyof typeof NUMBERS): number => readWhole(name, env[name], NUMBERS[name], faults);
  const memory = { least: 100, most: 1e6, normal: Math.floor(((memoryLimit ?? 2e9) * SHARE_OF_MEMORY) / MEGABYTE) };
  const hosts = parseHostRules(env["PDF_ALLOWED_HOSTS"] ?? "");
  const publicHosts = env["PDF_PUBLIC_HOSTS"] ?? "true";
  const config: Config = {
    port: number("PORT"),
    concurrency: number("PDF_CONCURRENCY"),
    queue: number("PDF_QUEUE"),
    timeoutMs: number("PDF_TIMEOUT_SECONDS") * 1000,
    bodyBytes: number("PDF_BODY_MB") * MEGABYTE,
    heldBytes: number("PDF_HELD_MB") * MEGABYTE,
    pdfBytes: number("PDF_OUTPUT_MB") * MEGABYTE,
    fetchBytes: number("PDF_FETCH_MB") * MEGABYTE,
    recycleAfter: number("PDF_RECYCLE_AFTER"),
    memoryBytes: readWhole("PDF_MEMORY_MB", env["PDF_MEMORY_MB"], memory, faults) * MEGABYTE,
    stopMs: number("PDF_STOP_SECONDS") * 1000,
    allowedHosts: hosts.rules,
    publicHosts: publicHosts === "true",
  };
  faults.push(...hosts.faults, ...unknownNames(env));
  if (!["true", "false"].includes(publicHosts)) faults.push(`PDF_PUBLIC_HOSTS is "${publicHosts}": say true or false`);
  return faults.length === 0 ? { kind: "config", config } : { kind: "faults", faults };
}

function readWhole(name: string, text: string | undefined, { least, most, normal }: Whole, faults: string[]): number {
  if (text === undefined) return normal;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  faults.push(`${name} is "${text}": say a whole number from ${least} to ${most}`);
  return normal;
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = [...Object.keys(NUMBERS), ...OTHERS];
  return Object.keys(env)
    .filter((name) => name.startsWith("PDF_") && !known.includes(name))
    .map((name) => `${name} is not known: the variables are ${known.join(", ")}`);
}
