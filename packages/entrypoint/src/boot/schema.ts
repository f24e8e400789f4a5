import { ELECTION_SCHEMES } from "../election/open-store.ts";
import { SIGNALS } from "../process/signals.ts";
import { WAIT_SCHEMES } from "../task/probe/probe.ts";

/** What a value has to be. */
export type ValueRule =
  | { readonly kind: "text" }
  | { readonly kind: "words" }
  | { readonly kind: "duration"; readonly leastMs?: number; readonly mostMs?: number }
  | { readonly kind: "count"; readonly least: number; readonly most: number }
  | { readonly kind: "url"; readonly schemes: readonly string[] }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  | { readonly kind: "mode" }
  | { readonly kind: "exit-codes" };

/** One key of a task, of a process or of the definition. Without a default a key that may be missing stays unset. */
export interface KeyRow {
  readonly key: string;
  readonly rule: ValueRule;
  readonly required: boolean;
  readonly fallback?: string | number;
  readonly meaning: string;
}

const RECEIPT: KeyRow = {
  key: "receipt",
  rule: { kind: "text" },
  required: false,
  meaning: "The receipt of the assets in this image; the release id is taken from it.",
};

const RUN: KeyRow = {
  key: "run",
  rule: { kind: "words" },
  required: true,
  meaning: "The command and its arguments; no shell is involved.",
};

/** Keys that are read before all others, as the others may name secrets. */
export const SECRET_KEYS: readonly KeyRow[] = [
  {
    key: "secretFiles",
    rule: { kind: "words" },
    required: false,
    meaning: "Variables that are read from the file that NAME_FILE names, where that is set.",
  },
  {
    key: "secretsDeadline",
    rule: { kind: "duration" },
    required: false,
    fallback: "60s",
    meaning: "How long reading all secrets may take.",
  },
];

/** Keys of the definition beside `tasks`, `processes` and `$schema`. */
export const TOP_KEYS: readonly KeyRow[] = [
  RECEIPT,
  ...SECRET_KEYS,
  {
    key: "healthPort",
    rule: { kind: "count", least: 1, most: 65_535 },
    required: false,
    meaning: "Until the app begins, the entrypoint answers on this port with the step it is at.",
  },
  {
    key: "healthStatus",
    rule: { kind: "choice", of: ["503", "200"] },
    required: false,
    fallback: "503",
    meaning: "The status of those answers.",
  },
  {
    key: "waitDeadline",
    rule: { kind: "duration" },
    required: false,
    meaning: "How long all wait-for tasks may take together; each has its own deadline besides.",
  },
  {
    key: "procfile",
    rule: { kind: "text" },
    required: false,
    meaning: "A Procfile whose processes are run when no command is given, in place of `processes`.",
  },
  {
    key: "endWhen",
    rule: { kind: "text" },
    required: false,
    fallback: "any",
    meaning: "Whose end ends all processes: `any`, `all`, or the name of one.",
  },
  {
    key: "grace",
    rule: { kind: "duration" },
    required: false,
    fallback: "8s",
    meaning:
      "How long a process may take to end before it is killed; less than what Docker or ECS grant the container.",
  },
  {
    key: "output",
    rule: { kind: "choice", of: ["lines", "prefixed", "inherit"] },
    required: false,
    fallback: "lines",
    meaning: "Of several processes: whole lines, whole lines with the process' name before them, or as they write it.",
  },
  {
    key: "exitCodes",
    rule: { kind: "exit-codes" },
    required: false,
    meaning: "What an exit code is turned into, e.g. 143 into 0 for a program that ends so at TERM.",
  },
];

/** Keys of a process. */
export const PROCESS_KEYS: readonly KeyRow[] = [
  RUN,
  {
    key: "stopSignal",
    rule: { kind: "choice", of: SIGNALS.map(({ signal }) => signal) },
    required: false,
    fallback: "SIGTERM",
    meaning: "What asks it to end, e.g. SIGQUIT for nginx.",
  },
  {
    key: "restart",
    rule: { kind: "choice", of: ["never", "failure", "always"] },
    required: false,
    fallback: "never",
    meaning: "When it is started again.",
  },
  {
    key: "restarts",
    rule: { kind: "count", least: 1, most: 1_000_000 },
    required: false,
    fallback: 5,
    meaning: "How many restarts in a row before its end counts. A run of more than half a minute begins a new row.",
  },
  {
    key: "backOff",
    rule: { kind: "duration" },
    required: false,
    fallback: "1s",
    meaning: "The pause before the first restart; doubled for each further one, up to half a minute.",
  },
];

/** Every task and its keys: what the validator, the JSON Schema and the README's table are made from. */
export const TASK_KEYS: Readonly<Record<TaskName, readonly KeyRow[]>> = {
  "wait-for": [
    {
      key: "url",
      rule: { kind: "url", schemes: WAIT_SCHEMES },
      required: true,
      meaning: "What has to answer: a database, a Redis, a port, a socket, a page (200 to 299) or a file.",
    },
    deadline("60s", "How long to wait."),
  ],
  "verify-assets": [
    { ...RECEIPT, meaning: "The receipt to hold the store against; default: the definition's receipt." },
    deadline("60s", "How long the check may take."),
  ],
  migrate: [
    RUN,
    {
      key: "election",
      rule: { kind: "url", schemes: ELECTION_SCHEMES },
      required: true,
      meaning: "Where containers agree which one runs it: the database, or a file they all see.",
    },
    deadline("15m", "How long waiting and running may take together."),
    {
      key: "tries",
      rule: { kind: "count", least: 1, most: 100 },
      required: false,
      fallback: 3,
      meaning: "How often a release that fails is tried before it is given up.",
    },
    {
      key: "lease",
      rule: { kind: "duration", leastMs: 1_000, mostMs: 60_000 },
      required: false,
      fallback: "10s",
      meaning:
        "How long a container that runs it and is cut off from the election may go on; another takes over after that.",
    },
    {
      key: "name",
      rule: { kind: "text" },
      required: false,
      fallback: "migrate",
      meaning: "What the election remembers it by; each migrate task of a definition needs its own.",
    },
  ],
  render: [
    {
      key: "template",
      rule: { kind: "text" },
      required: true,
      meaning: "The template, in the language of docs/entrykit.md.",
    },
    { key: "to", rule: { kind: "text" }, required: true, meaning: "The file that is written from it." },
    {
      key: "mode",
      rule: { kind: "mode" },
      required: false,
      fallback: "0644",
      meaning: "The file's permissions in octal digits; 0600 where it holds secrets.",
    },
    {
      key: "owner",
      rule: { kind: "text" },
      required: false,
      meaning: "USER or USER:GROUP, names or numbers; the entrypoint's own when not given.",
    },
    {
      key: "check",
      rule: { kind: "words" },
      required: false,
      meaning: "A command that has to accept the new file before it takes its place; {} in a word is that file.",
    },
    deadline("60s", "How long the check may take."),
  ],
  run: [
    RUN,
    deadline("15m", "How long the command may take, all tries together."),
    {
      key: "tries",
      rule: { kind: "count", least: 1, most: 100 },
      required: false,
      fallback: 1,
      meaning: "How often a command that fails is tried; the pause between two tries doubles from 50 ms to 2 s.",
    },
  ],
};

/** The tasks there are. */
export type TaskName = "wait-for" | "verify-assets" | "migrate" | "render" | "run";

function deadline(fallback: string, meaning: string): KeyRow {
  return { key: "deadline", rule: { kind: "duration" }, required: false, fallback, meaning };
}
