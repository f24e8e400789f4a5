import { RECEIPT, type KeyRow } from "./key-row.ts";
import { MODES } from "./modes.ts";

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
  {
    key: "mode",
    rule: { kind: "choice", of: MODES },
    required: false,
    meaning: "What the container is started for; default: as its command tells, `web` where it does not.",
  },
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
    key: "budget",
    rule: { kind: "duration" },
    required: false,
    meaning: "How long the whole start may take until the app begins; each task has its own deadline besides.",
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
