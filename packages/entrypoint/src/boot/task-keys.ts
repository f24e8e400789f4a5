import { ELECTION_SCHEMES } from "../election/open-store.ts";
import { ASKED_SCHEMES } from "../task/pending/applied.ts";
import { READY_SCHEMES } from "../task/ready-address.ts";
import { WAIT_SCHEMES } from "../task/probe/probe.ts";
import { MISSING, NEWER, RECEIPT, RUN, type KeyRow } from "./key-row.ts";
import { MODES, MODES_OF, type TaskName } from "./modes.ts";

function forRow(task: TaskName): KeyRow {
  return { key: "for", rule: { kind: "choices", of: MODES }, required: false, fallback: MODES_OF[task], meaning: FOR };
}

const FOR = "What a container must be started for to carry the task out.";

const NAME: KeyRow = {
  key: "name",
  rule: { kind: "name" },
  required: false,
  meaning: "What the definition and variables call it.",
};

const AFTER: KeyRow = {
  key: "after",
  rule: { kind: "names" },
  required: false,
  meaning: "The tasks that come first: by name, or all of a kind by that; those not carried out here do not count.",
};

const LEASE: KeyRow = {
  key: "lease",
  rule: { kind: "duration", leastMs: 1_000, mostMs: 60_000 },
  required: false,
  fallback: "10s",
  meaning:
    "How long a container that runs it and is cut off from the election may go on; another takes over after that.",
};

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
    {
      key: "missing",
      rule: { kind: "choice", of: MISSING },
      required: false,
      fallback: "wait",
      meaning:
        "`accept`: a database server is ready, too, that has no database of that name yet, as before a first boot.",
    },
    NAME,
    AFTER,
    forRow("wait-for"),
  ],
  "verify-assets": [
    { ...RECEIPT, meaning: "The receipt to hold the store against; default: the definition's receipt." },
    deadline("60s", "How long the check may take."),
    NAME,
    AFTER,
    forRow("verify-assets"),
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
    LEASE,
    { ...NAME, fallback: "migrate", meaning: "What the election remembers it by; no two tasks share one." },
    {
      key: "mode",
      rule: { kind: "choice", of: ["run", "wait"] },
      required: false,
      fallback: "run",
      meaning: "`wait`: others migrate; this container waits until all its migrations are in the database.",
    },
    {
      key: "database",
      rule: { kind: "url", schemes: ASKED_SCHEMES },
      required: false,
      meaning: "The only database whose versions are compared; default: those of config/database.yml and DATABASE_URL.",
    },
    {
      key: "paths",
      rule: { kind: "words" },
      required: false,
      meaning: "The folders of migrations in place of db/migrate, where nothing in the app says otherwise.",
    },
    {
      key: "newer",
      rule: { kind: "choice", of: NEWER },
      required: false,
      fallback: "warn",
      meaning: "When the database has migrations that are newer than the image's, as after a rollback.",
    },
    AFTER,
    forRow("migrate"),
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
    NAME,
    AFTER,
    forRow("render"),
  ],
  run: [
    RUN,
    deadline("15m", "How long the command may take, all tries together."),
    {
      key: "tries",
      rule: { kind: "count", least: 1, most: 100 },
      required: false,
      fallback: 1,
      meaning:
        "How often a command that fails is tried, with pauses from 50 ms to 2 s; of an elected one, how often a release is.",
    },
    {
      key: "election",
      rule: { kind: "url", schemes: ELECTION_SCHEMES },
      required: false,
      meaning: "Where containers agree which one of a release runs it; without it each of them does.",
    },
    {
      key: "every",
      rule: { kind: "duration", leastMs: 60_000 },
      required: false,
      meaning: "An elected one is run once in each period of this length, UTC, instead of once per release.",
    },
    LEASE,
    { ...NAME, meaning: "What the definition, variables and the election call it; an elected one needs it." },
    AFTER,
    {
      key: "background",
      rule: { kind: "flag" },
      required: false,
      fallback: false,
      meaning: "It is run beside the app once that is ready, and never holds it up.",
    },
    {
      key: "ready",
      rule: { kind: "url", schemes: READY_SCHEMES },
      required: false,
      meaning:
        "What answers when the app is ready; default: port PORT (3000) of this container for web, otherwise its process.",
    },
    { ...forRow("run"), meaning: `${FOR} In the background, when not given: web.` },
  ],
};

function deadline(fallback: string, meaning: string): KeyRow {
  return { key: "deadline", rule: { kind: "duration" }, required: false, fallback, meaning };
}
