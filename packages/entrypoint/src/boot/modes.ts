import { basename } from "node:path";

/** What a container is started for. */
export const MODES = ["web", "worker", "migrate", "console", "sitemap"] as const;
export type Mode = (typeof MODES)[number];

/** The tasks there are. */
export type TaskName = "wait-for" | "verify-assets" | "migrate" | "render" | "run";

/** For which modes a task is carried out when it does not say. */
export const MODES_OF: Readonly<Record<TaskName, readonly Mode[]>> = {
  "wait-for": MODES,
  "verify-assets": ["web"],
  migrate: ["web", "worker", "migrate"],
  render: MODES,
  run: MODES,
};

interface ModeRow {
  readonly mode: Mode;
  /** Names of programs, wherever they stand among the first words. */
  readonly programs: readonly string[];
  /** What Rails or Rake is told to do. */
  readonly rails: RegExp;
}

/** How a mode is known by its command. What none of these fits is `web`. */
const MODE_ROWS: readonly ModeRow[] = [
  { mode: "console", programs: ["irb", "bash", "sh", "pry"], rails: /^(c|console|db|dbconsole|runner|r)$/ },
  { mode: "migrate", programs: [], rails: /^db:/ },
  { mode: "sitemap", programs: [], rails: /^sitemap:/ },
  {
    mode: "worker",
    programs: ["sidekiq", "sidekiqswarm", "good_job", "jobs", "que", "delayed_job", "shoryuken", "karafka"],
    rails: /^(jobs:work|resque:work|solid_queue:start)$/,
  },
];

/** Programs that only start another. */
const LAUNCHERS: ReadonlySet<string> = new Set(["bundle", "exec", "thrust", "env", "tini", "--"]);

/** The mode of a command, by its words. A shell that is given a script is no console. */
export function modeOf(command: readonly string[]): Mode {
  const words = command.filter((word) => !LAUNCHERS.has(basename(word)));
  const [program = "", argument = ""] = words.map((word) => basename(word));
  const isRails = program === "rails" || program === "rake";
  const row = MODE_ROWS.find(({ programs, rails }) => (isRails ? rails.test(argument) : programs.includes(program)));
  if (row?.mode === "console" && !isRails && words.length > 1) return "web";
  return row?.mode ?? "web";
}
