// Written by `pnpm generate` from the tables of schema.ts and task-keys.ts.

/** A time: `500ms`, `60s`, `15m`, `1h`, or a text with a variable that holds one. */
export type DurationText = `${number}${"ms" | "s" | "m" | "h"}` | `${string}\${${string}}${string}`;

/** A task `wait-for`. */
export interface WaitForConfig {
  readonly task: "wait-for";
  /** What has to answer: a database, a Redis, a port, a socket, a page (200 to 299) or a file. */
  readonly url: string;
  /** How long to wait. Default: `60s`. */
  readonly deadline?: DurationText;
  /** `accept`: a database server is ready, too, that has no database of that name yet, as before a first boot. Default: `wait`. */
  readonly missing?: "wait" | "accept";
  /** What the definition and variables call it. */
  readonly name?: string;
  /** The tasks that come first: by name, or all of a kind by that; those not carried out here do not count. */
  readonly after?: readonly string[];
  /** What a container must be started for to carry the task out. Default: `["web","worker","migrate","console","sitemap"]`. */
  readonly for?: readonly ("web" | "worker" | "migrate" | "console" | "sitemap")[];
}

/** A task `verify-assets`. */
export interface VerifyAssetsConfig {
  readonly task: "verify-assets";
  /** The receipt to hold the store against; default: the definition's receipt. */
  readonly receipt?: string;
  /** How long the check may take. Default: `60s`. */
  readonly deadline?: DurationText;
  /** What the definition and variables call it. */
  readonly name?: string;
  /** The tasks that come first: by name, or all of a kind by that; those not carried out here do not count. */
  readonly after?: readonly string[];
  /** What a container must be started for to carry the task out. Default: `["web"]`. */
  readonly for?: readonly ("web" | "worker" | "migrate" | "console" | "sitemap")[];
}

/** A task `migrate`. */
export interface MigrateConfig {
  readonly task: "migrate";
  /** The command and its arguments; no shell is involved. */
  readonly run: readonly string[];
  /** Where containers agree which one runs it: the database, or a file they all see. */
  readonly election: string;
  /** How long waiting and running may take together. Default: `15m`. */
  readonly deadline?: DurationText;
  /** How often a release that fails is tried before it is given up. Default: `3`. */
  readonly tries?: number;
  /** How long a container that runs it and is cut off from the election may go on; another takes over after that. Default: `10s`. */
  readonly lease?: DurationText;
  /** What the election remembers it by; no two tasks share one. Default: `migrate`. */
  readonly name?: string;
  /** `wait`: others migrate; this container waits until all its migrations are in the database. Default: `run`. */
  readonly mode?: "run" | "wait";
  /** The only database whose versions are compared; default: those of config/database.yml and DATABASE_URL. */
  readonly database?: string;
  /** The folders of migrations in place of db/migrate, where nothing in the app says otherwise. */
  readonly paths?: readonly string[];
  /** When the database has migrations that are newer than the image's, as after a rollback. Default: `warn`. */
  readonly newer?: "warn" | "refuse" | "ignore";
  /** The tasks that come first: by name, or all of a kind by that; those not carried out here do not count. */
  readonly after?: readonly string[];
  /** What a container must be started for to carry the task out. Default: `["web","worker","migrate"]`. */
  readonly for?: readonly ("web" | "worker" | "migrate" | "console" | "sitemap")[];
}

/** A task `render`. */
export interface RenderConfig {
  readonly task: "render";
  /** The template, in the language of docs/entrykit.md. */
  readonly template: string;
  /** The file that is written from it. */
  readonly to: string;
  /** The file's permissions in octal digits; 0600 where it holds secrets. Default: `0644`. */
  readonly mode?: string;
  /** USER or USER:GROUP, names or numbers; the entrypoint's own when not given. */
  readonly owner?: string;
  /** A command that has to accept the new file before it takes its place; {} in a word is that file. */
  readonly check?: readonly string[];
  /** How long the check may take. Default: `60s`. */
  readonly deadline?: DurationText;
  /** What the definition and variables call it. */
  readonly name?: string;
  /** The tasks that come first: by name, or all of a kind by that; those not carried out here do not count. */
  readonly after?: readonly string[];
  /** What a container must be started for to carry the task out. Default: `["web","worker","migrate","console","sitemap"]`. */
  readonly for?: readonly ("web" | "worker" | "migrate" | "console" | "sitemap")[];
}

/** A task `run`. */
export interface RunConfig {
  readonly task: "run";
  /** The command and its arguments; no shell is involved. */
  readonly run: readonly string[];
  /** How long the command may take, all tries together. Default: `15m`. */
  readonly deadline?: DurationText;
  /** How often a command that fails is tried, with pauses from 50 ms to 2 s; of an elected one, how often a release is. Default: `1`. */
  readonly tries?: number;
  /** Where containers agree which one of a release runs it; without it each of them does. */
  readonly election?: string;
  /** An elected one is run once in each period of this length, UTC, instead of once per release. */
  readonly every?: DurationText;
  /** How long a container that runs it and is cut off from the election may go on; another takes over after that. Default: `10s`. */
  readonly lease?: DurationText;
  /** What the definition, variables and the election call it; an elected one needs it. */
  readonly name?: string;
  /** The tasks that come first: by name, or all of a kind by that; those not carried out here do not count. */
  readonly after?: readonly string[];
  /** It is run beside the app once that is ready, and never holds it up. Default: `false`. */
  readonly background?: boolean;
  /** What answers when the app is ready; default: port PORT (3000) of this container for web, otherwise its process. */
  readonly ready?: string;
  /** What a container must be started for to carry the task out. In the background, when not given: web. Default: `["web","worker","migrate","console","sitemap"]`. */
  readonly for?: readonly ("web" | "worker" | "migrate" | "console" | "sitemap")[];
}

/** One of the tasks. */
export type TaskConfig = WaitForConfig | VerifyAssetsConfig | MigrateConfig | RenderConfig | RunConfig;

/** One of several programs. */
export interface ProcessConfig {
  /** The command and its arguments; no shell is involved. */
  readonly run: readonly string[];
  /** What asks it to end, e.g. SIGQUIT for nginx. Default: `SIGTERM`. */
  readonly stopSignal?:
    | "SIGHUP"
    | "SIGINT"
    | "SIGQUIT"
    | "SIGUSR1"
    | "SIGUSR2"
    | "SIGALRM"
    | "SIGTERM"
    | "SIGSTKFLT"
    | "SIGURG"
    | "SIGVTALRM"
    | "SIGPROF"
    | "SIGWINCH"
    | "SIGIO"
    | "SIGPWR";
  /** When it is started again. Default: `never`. */
  readonly restart?: "never" | "failure" | "always";
  /** How many restarts in a row before its end counts. A run of more than half a minute begins a new row. Default: `5`. */
  readonly restarts?: number;
  /** The pause before the first restart; doubled for each further one, up to half a minute. Default: `1s`. */
  readonly backOff?: DurationText;
}

/** The start-up of a container, as `entrypoint.json` holds it. */
export interface EntrypointConfig {
  readonly $schema?: string;
  /** The receipt of the assets in this image; the release id is taken from it. */
  readonly receipt?: string;
  /** What the container is started for; default: as its command tells, `web` where it does not. */
  readonly mode?: "web" | "worker" | "migrate" | "console" | "sitemap";
  /** Variables that are read from the file that NAME_FILE names, where that is set. */
  readonly secretFiles?: readonly string[];
  /** How long reading all secrets may take. Default: `60s`. */
  readonly secretsDeadline?: DurationText;
  /** Until the app begins, the entrypoint answers on this port with the step it is at. */
  readonly healthPort?: number;
  /** The status of those answers. Default: `503`. */
  readonly healthStatus?: "503" | "200";
  /** How long the whole start may take until the app begins; each task has its own deadline besides. */
  readonly budget?: DurationText;
  /** How long all wait-for tasks may take together; each has its own deadline besides. */
  readonly waitDeadline?: DurationText;
  /** A Procfile whose processes are run when no command is given, in place of `processes`. */
  readonly procfile?: string;
  /** Whose end ends all processes: `any`, `all`, or the name of one. Default: `any`. */
  readonly endWhen?: string;
  /** How long a process may take to end before it is killed; less than what Docker or ECS grant the container. Default: `8s`. */
  readonly grace?: DurationText;
  /** Of several processes: whole lines, whole lines with the process' name before them, or as they write it. Default: `lines`. */
  readonly output?: "lines" | "prefixed" | "inherit";
  /** What an exit code is turned into, e.g. 143 into 0 for a program that ends so at TERM. */
  readonly exitCodes?: Readonly<Record<number, number>>;
  /** Carried out one after the other, in the order of the list but for `after`. Default: those of a Rails app with DATABASE_URL. */
  readonly tasks?: readonly TaskConfig[];
  /** Run side by side when no command is given. */
  readonly processes?: Readonly<Record<string, ProcessConfig>>;
}
