import type { Command } from "commander";

import { syncVerb } from "./sync-verb.ts";
import type { Terminal } from "./terminal.ts";

/** What a verb is made with. */
export interface VerbParts {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Takes the exit code of a verb that answers a question. */
  readonly answer: (code: number) => void;
}

type VerbMaker = (parts: VerbParts) => Promise<Command>;

/**
 * The verbs by name, in the order of the help. Most of a short run is loading: what most runs are comes with the program,
 * in few files, and what the others need is loaded only with them.
 */
const VERBS: Readonly<Record<string, VerbMaker>> = {
  sync: async ({ terminal, signal }) => syncVerb(terminal, signal),
  plan: async ({ terminal, signal }) => (await import("./plan-verb.ts")).planVerb(terminal, signal),
  apply: async ({ terminal, signal }) => (await import("./apply-verb.ts")).applyVerb(terminal, signal),
  verify: async ({ terminal, signal, answer }) =>
    (await import("./verify-verb.ts")).verifyVerb(terminal, signal, answer),
  releases: async ({ terminal, signal }) => (await import("./releases-verb.ts")).releasesVerb(terminal, signal),
  pin: async ({ terminal, signal }) => (await import("./pin-verb.ts")).pinVerb("pin", terminal, signal),
  unpin: async ({ terminal, signal }) => (await import("./pin-verb.ts")).pinVerb("unpin", terminal, signal),
  collect: async ({ terminal, signal }) => (await import("./collect-verb.ts")).collectVerb(terminal, signal),
  push: async ({ terminal, signal }) => (await import("./push-verb.ts")).pushVerb(terminal, signal),
  import: async ({ terminal }) => (await import("./import-verb.ts")).importVerb(terminal),
  adopt: async ({ terminal, signal }) => (await import("./adopt-verb.ts")).adoptVerb(terminal, signal),
  preflight: async ({ terminal, signal, answer }) =>
    (await import("./preflight-verb.ts")).preflightVerb(terminal, signal, answer),
  "install-rails": async ({ terminal }) => (await import("./install-rails-verb.ts")).installRailsVerb(terminal),
  report: async ({ terminal, signal }) => (await import("./report-verb.ts")).reportVerb(terminal, signal),
};

/** The verb that a command line begins with; where it begins with none, all of them, to be listed or suggested. */
export async function loadVerbs(words: readonly string[], parts: VerbParts): Promise<readonly Command[]> {
  const [first = ""] = words;
  if (first === "--version") return [];
  const named = Object.entries(VERBS).filter(([name]) => name === first);
  const all = named.length === 0 ? Object.entries(VERBS) : named;
  return Promise.all(all.map(([, make]) => make(parts)));
}
