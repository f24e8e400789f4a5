import { ELECTION_SCHEMES } from "../election/open-store.ts";
import { ASKED_SCHEMES } from "../task/pending/applied.ts";
import { WAIT_SCHEMES } from "../task/probe/probe.ts";
import { NEWER, RECEIPT, RUN, type KeyRow } from "./key-row.ts";
import { MODES, MODES_OF, type TaskName } from "./modes.ts";

function forRow(task: TaskName): KeyRow {
  const meaning = "What a container must be started for to carry the task out.";
  return { key: "for", rule: { kind: "choices", of: MODES }, required: false, fallback: MODES_OF[task], meaning };
}

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
    forRow("wait-for"),
  ],
  "verify-assets": [
    { ...RECEIPT, meaning: "The receipt to hold the store against; default: the definition's receipt." },
    deadline("60s", "How long the check may take."),
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
      meaning: "How often a command that fails is tried; the pause between two tries doubles from 50 ms to 2 s.",
    },
    forRow("run"),
  ],
};

function deadline(fallback: string, meaning: string): KeyRow {
  return { key: "deadline", rule: { kind: "duration" }, required: false, fallback, meaning };
}
