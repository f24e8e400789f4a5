import type { Difference } from "./difference.ts";

/** What is not as with entrykit. */
export const CHANGED: readonly Difference[] = [
  {
    id: "empty-task",
    kind: "fix",
    entrykit: "`prehook a=` runs into a bug that skips all other hooks and starts the program.",
    ours: "A task without words is nothing to do; the others run.",
    reason: "Nobody wants hooks to be skipped.",
    lint: {
      severity: "warning",
      message: "the task {found} is empty: entrykit skips every hook after it",
      hint: "remove it",
    },
  },
  {
    id: "empty-switch",
    kind: "fix",
    entrykit: "`switch s=` with the last word `s` runs nothing and ends with 0.",
    ours: "It fails with 1.",
    reason: "A container that does nothing must not look well.",
  },
  {
    id: "task-order",
    kind: "fix",
    entrykit: "Tasks run in random order.",
    ours: "In the order they are declared: file, environment, arguments.",
    reason: "Two hooks in reverse order pass every test and fail one start in ten.",
  },
  {
    id: "same-program",
    kind: "fix",
    entrykit:
      "Tasks without a name are known by their program up to the first dot of the word; of several with one name only the last runs.",
    ours: "All of them run.",
    reason: '`prehook "bundle exec rails db:migrate" "bundle exec rake sitemap:refresh"` never migrates.',
    lint: {
      severity: "warning",
      message: "with entrykit only the last of the tasks named {found} runs; here all do",
      hint: "if only the last was ever meant to run, remove the others",
    },
  },
  {
    id: "equals-in-task",
    kind: "fix",
    entrykit: "A task is split at its first `=`, whatever stands before it: `env A=b cmd` becomes a task `b cmd`.",
    ours: "Only letters, digits and `_ - . :` before the `=` are a name; otherwise the whole is the task.",
    reason: "`env A=b cmd` is meant as it is written.",
    lint: {
      severity: "warning",
      message: "with entrykit the task {found} is split at its first =; here it is run whole",
      hint: "nothing, if the whole task is what was meant",
    },
  },
  {
    id: "dollar-truncation",
    kind: "fix",
    entrykit:
      "In an argument after `--`, a `$` before anything that is not a name or a brace drops the rest: `a $(date) b` becomes `a `.",
    ours: "The text stays as it is.",
    reason: '`CMD ["sh", "-c", "echo $(date)"]` is meant as it is written.',
    lint: {
      severity: "warning",
      message: "with entrykit the argument is cut off at {found}; here it stays whole",
      hint: "nothing, if the whole argument is what was meant",
    },
  },
  {
    id: "nested-expansion",
    kind: "fix",
    entrykit:
      "An operator within an operator is an error that leaves the argument unexpanded; `${X%w}`, `${X#w}` and the like vanish.",
    ours: "They nest; what is not known leaves the argument as it is.",
    reason: "An argument must not be lost in silence.",
  },
  {
    id: "panics",
    kind: "fix",
    entrykit: "`-f` without a file, and some tasks, end with a stack trace and 2.",
    ours: "A message and 1.",
    reason: "A stack trace tells the reader of a log nothing.",
  },
  {
    id: "file-option-word",
    kind: "fix",
    entrykit: "Any argument equal to the value of `-f` is skipped.",
    ours: "It is a task like any other.",
    reason: "It loses a task.",
  },
  {
    id: "signals-in-hooks",
    kind: "fix",
    entrykit:
      "TERM during a hook ends the start with 2 as PID 1, else leaves the hook running; other signals are swallowed.",
    ours: "The hook gets the signal, nothing later starts, and the start ends with 128 + the signal's number.",
    reason: "A container must end when it is asked to.",
  },
  {
    id: "codep-siblings",
    kind: "fix",
    entrykit: "When one task ends the others are not told: the kernel kills them, or they stay.",
    ours: "They get TERM, and after eight seconds KILL.",
    reason: "A worker must be able to finish its job.",
  },
  {
    id: "codep-signals",
    kind: "fix",
    entrykit:
      "Signals go to each task's first process only, also CHLD, some are lost, and there is no limit to the wait.",
    ours: "Each goes once to each task's process group; TERM and INT end all, with KILL after eight seconds or at the second.",
    reason: "The processes of a shell are among those that must end.",
  },
  {
    id: "codep-start",
    kind: "fix",
    entrykit: "When a task cannot be started those before it stay.",
    ours: "Nothing is started when one cannot be.",
    reason: "A start that fails leaves nothing behind.",
  },
  {
    id: "codep-after-term",
    kind: "fix",
    entrykit: "When a task ends with 0 after TERM, the program after `--` is started.",
    ours: "It is not; the start ends with 143. When a task dies by the signal, or ends with another code, the answer is 1 as ever.",
    reason: "TERM asks for the end.",
  },
  {
    id: "zombies",
    kind: "fix",
    entrykit: "As PID 1, codep reaps no orphans.",
    ours: "It becomes `tini -- codep …` where tini is in PATH, and warns where not.",
    reason: "Node cannot reap them.",
  },
  {
    id: "render-all-or-none",
    kind: "fix",
    entrykit:
      "Files are written one after the other, each while its template is half rendered into memory; a failure leaves some written.",
    ours: "Nothing is written before all are rendered, and each file is replaced at once.",
    reason: "A half-written configuration file is worse than none.",
  },
  {
    id: "random-maps",
    kind: "fix",
    entrykit: "`joinkv` and `uniq` give their items in random order.",
    ours: "By key, and by first appearance.",
    reason: "The same input gives the same file.",
  },
  {
    id: "printf-mismatch",
    kind: "fix",
    entrykit: "A verb of `printf` that does not fit writes `%!d(string=x)` into the file.",
    ours: "An error, with the place.",
    reason: "Nobody wants it in a file.",
  },
  {
    id: "template-loops",
    kind: "fix",
    entrykit:
      "A template that calls or includes itself, or reads a device, without an end takes all memory; a pipe holds it up.",
    ours: "An error, with the place. Templates and the files they look at are regular files of at most 32 MiB.",
    reason: "The container would be killed without a message.",
  },
  {
    id: "refused-functions",
    kind: "fix",
    entrykit: "`sh`, `httpget`, `stdin`, `yaml` and `toyaml` in templates.",
    ours: "Refused by name, with what to use instead.",
    reason:
      "A file is rendered from what the image and its environment hold; what a command gives belongs into a hook.",
  },
  {
    id: "environment-without-tasks",
    kind: "warn",
    entrykit: "Without any tasks the environment is read, also without `-e`.",
    ours: "It is not, and a warning names the variables; `--compat` reads it, with a warning.",
    reason: "`docker run -e PREHOOK_X=…` would run anything in any image.",
    lint: {
      severity: "warning",
      message: "{found} without tasks and without -e: entrykit reads tasks from the environment, this program does not",
      hint: "add -e when that is meant",
    },
  },
  {
    id: "prefix-option",
    kind: "warn",
    entrykit: "`-p` prints that it is not implemented.",
    ours: "The same; `codep --output prefixed` does it.",
    reason: "Log formats must not change by replacing the program.",
    lint: { severity: "warning", message: "-p does nothing", hint: "use --output prefixed, or remove it" },
  },
  {
    id: "entrykit-skips-hooks",
    kind: "warn",
    entrykit: "`entrykit -e` never runs `PREHOOK_…`, although its README shows it.",
    ours: "The same, and a warning names them.",
    reason: "What never ran must not begin to run.",
    lint: { severity: "warning", message: "entrykit never runs {found}", hint: "write prehook -e -- entrykit -e" },
  },
];
