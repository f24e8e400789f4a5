import { parseArgs } from "node:util";

/** What a command line asks for. */
export interface BenchOptions {
  readonly bench: string;
  readonly rounds?: number;
  readonly foreign?: number;
  readonly json: boolean;
  readonly anyway: boolean;
  readonly repeat: boolean;
  /** The commit to compare with. */
  readonly against?: string;
}

/** A command line that cannot be meant; its message says what could. */
export class UsageError extends Error {}

const FLAGS = {
  rounds: { type: "string" },
  foreign: { type: "string" },
  against: { type: "string" },
  json: { type: "boolean", default: false },
  anyway: { type: "boolean", default: false },
  repeat: { type: "boolean", default: false },
} as const;

const USAGE: Readonly<Record<keyof typeof FLAGS, readonly [flag: string, does: string]>> = {
  rounds: ["--rounds N", "runs each case N times at most"],
  foreign: ["--foreign N", "releases: the same release again, beside N objects of somebody else"],
  against: ["--against REF", "measures another commit by turns with this one"],
  json: ["--json", "prints what is kept"],
  anyway: ["--anyway", "measures on a busy machine, and without peers that are not installed"],
  repeat: ["--repeat", "runs twice and says how far the ratios are apart"],
};

/** What can be said behind `pnpm bench`. */
export function usageText(benches: readonly string[]): string {
  const lines = Object.values(USAGE).map(([flag, does]) => `  ${flag.padEnd(15)}${does}`);
  return `pnpm bench BENCHMARK [flags]\n\nbenchmarks: ${benches.join(", ")}\n\n${lines.join("\n")}\n`;
}

/**
 * Reads the words behind `pnpm bench`.
 * @throws UsageError on an unknown benchmark or flag and on a number that is none.
 */
export function readOptions(words: readonly string[], benches: readonly string[]): BenchOptions {
  const { values, positionals } = parsed(words);
  const [bench = "", ...more] = positionals;
  if (!benches.includes(bench) || more.length > 0) {
    const given = JSON.stringify(positionals.join(" "));
    throw new UsageError(`${given} is no benchmark; expected one of ${benches.join(", ")}`);
  }
  const { against, json, anyway, repeat } = values;
  if (values.foreign !== undefined && bench !== "releases") throw new UsageError("--foreign is for releases");
  if (repeat && against !== undefined) throw new UsageError("--repeat and --against exclude each other");
  return {
    bench,
    json,
    anyway,
    repeat,
    ...(against === undefined ? {} : { against }),
    ...counted("rounds", values.rounds),
    ...counted("foreign", values.foreign),
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: FLAGS, allowPositionals: true, strict: true });
  } catch (error) {
    const flags = Object.keys(FLAGS).map((name) => `--${name}`);
    // Node goes on with advice on arguments that begin with a dash, of which there are none here.
    const [said = ""] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(`${said}; flags: ${flags.join(", ")}`);
  }
}

function counted<Name extends string>(name: Name, given: string | undefined): { readonly [K in Name]?: number } {
  if (given === undefined) return {};
  const value = Number(given);
  if (!/^\d+$/.test(given) || value === 0) {
    throw new UsageError(`--${name} is ${JSON.stringify(given)}: expected a whole number above 0`);
  }
  return { [name]: value } as { readonly [K in Name]?: number };
}
