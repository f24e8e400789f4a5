import type { Difference } from "./difference.ts";

/** What is as with entrykit. */
export const KEPT: readonly Difference[] = [
  {
    id: "names",
    kind: "keep",
    entrykit:
      "`codep`, `prehook`, `render`, `switch` and `entrykit` by the base name of argv[0]; `--symlink` makes them beside the program.",
    ours: "The same; an error while a link is made is told and ends with 1.",
    reason: "An image is changed by replacing one file.",
  },
  {
    id: "chaining",
    kind: "keep",
    entrykit:
      "Everything after the first `--` is the program, which may be another of these commands; nothing after it is not an error.",
    ours: "The same; the commands of a chain are one process, so that Node starts once.",
    reason: "It is how ENTRYPOINT lines in the wild are written.",
  },
  {
    id: "named-tasks",
    kind: "keep",
    entrykit:
      "`name=task`; a name given twice takes the later task; arguments win over the environment, the environment over the file.",
    ours: "The same, in the place of the first.",
    reason: "An image's tasks are overridden by name.",
  },
  {
    id: "task-sources",
    kind: "keep",
    entrykit:
      "Tasks come from `-e` (`CODEP_X=…`), `-E` (`EK_CODEP_X=…`) and `-f FILE`, in capitals or not; other lines of the file are ignored.",
    ours: "The same.",
    reason: "Images are configured by it.",
  },
  {
    id: "message-form",
    kind: "keep",
    entrykit: "Messages go to standard error and begin with `!! `.",
    ours: "The same.",
    reason: "Logs are searched for it.",
  },
  {
    id: "exit-code",
    kind: "keep",
    entrykit: "Every failure is 1, also that of a task with another exit code.",
    ours: "The same; `--task-exit-code` gives the task's own.",
    reason: "Whoever starts the container knows 1; the option is there for those who want to know more.",
  },
  {
    id: "no-shell",
    kind: "keep",
    entrykit:
      "Tasks are split into words and run without a shell: globs, pipes, `&&`, redirections and variables are plain text.",
    ours: "The same.",
    reason: "A task that means a literal `*` must stay what it is.",
    lint: {
      severity: "warning",
      message: "no shell runs this task, so {found} is plain text",
      hint: "write it as sh -c '...', with the whole script in one pair of quotes",
    },
  },
  {
    id: "word-splitting",
    kind: "keep",
    entrykit:
      'Quotes keep words together but join nothing: `--opt="c d"` is two words; a quote without its partner vanishes.',
    ours: "The same. Its release 0.4.0 left quotes in the words and split at white space alone; here they count.",
    reason: "Lines that work were written for it.",
    lint: {
      severity: "warning",
      message: "a quote inside of a word splits it: {found} is more than one word",
      hint: "put the quotes around the whole word: '--opt=c d'",
    },
  },
  {
    id: "switch-words",
    kind: "keep",
    entrykit: "A task of `switch` is split at white space only, quotes stay in the words, and variables are expanded.",
    ours: "The same.",
    reason: "Lines that work were written for it.",
    lint: {
      severity: "warning",
      message: "switch splits at spaces and keeps quotes as characters: {found}",
      hint: "put the command into a script, and name that",
    },
  },
  {
    id: "switch-last-word",
    kind: "keep",
    entrykit:
      "`switch` compares the last word of the whole command line with the names, also when it belongs to another program's arguments.",
    ours: "The same.",
    reason: "`docker run IMAGE shell` is what it is for.",
  },
  {
    id: "expansion",
    kind: "keep",
    entrykit:
      "Each argument after `--` has its variables expanded once per `--`, in quotes too; what `${X:=word}` sets is in the program's environment; what cannot be expanded stays as it is.",
    ours: "The same.",
    reason: "CMD lines use it.",
    lint: {
      severity: "warning",
      message: "{found} is not expanded: only - := = :- ? :? + :+ and ${#NAME} are",
      hint: "expand it in a shell: sh -c '...'",
    },
  },
  {
    id: "program-lookup",
    kind: "keep",
    entrykit: "The program is looked for before its name would be expanded: `$CMD` is never found.",
    ours: "The same.",
    reason: "A program that is not found is told at once.",
    lint: {
      severity: "warning",
      message: "the program is looked for by the name {found}, which is not expanded",
      hint: "name the program, or run it with sh -c 'exec $CMD'",
    },
  },
  {
    id: "render-target",
    kind: "keep",
    entrykit:
      "`render FILE` reads `FILE.tmpl`; a new file has mode 0644 less the umask whatever the template's mode, one that exists keeps its own, and a symbolic link is written through.",
    ours: "The same.",
    reason: "Servers that run as another user read these files.",
  },
  {
    id: "template-language",
    kind: "keep",
    entrykit:
      "Templates are Go's text/template with Sigil's functions; a value that is not there prints `<no value>`, an environment variable that is not set prints nothing, an undefined `$x` is an error.",
    ours: "The same.",
    reason: "Templates that work were written for it.",
  },
  {
    id: "entrykit-order",
    kind: "keep",
    entrykit:
      "`entrykit` renders, then switches, then runs side by side, then becomes the program; it refuses tasks of its own.",
    ours: "The same.",
    reason: "Images are configured by it.",
  },
  {
    id: "version",
    kind: "keep",
    entrykit: "`-v` and `--version` as the first argument print the version under every name.",
    ours: "The same; `--help` prints help.",
    reason: "Builds check it.",
  },
  {
    id: "variable-as-name",
    kind: "keep",
    entrykit: "`RAILS_ENV=production cmd` is a task `cmd` with the name `RAILS_ENV`.",
    ours: "The same.",
    reason: "It cannot be told from a name.",
    lint: {
      severity: "warning",
      message: "{found} is the task's name, not a variable of its environment",
      hint: "write env NAME=value in front, or ENV in the Dockerfile",
    },
  },
  {
    id: "missing-separator",
    kind: "keep",
    entrykit: "Without `--` at the end of ENTRYPOINT the words of CMD are tasks.",
    ours: "The same.",
    reason: "It cannot be told from tasks that are meant.",
    lint: {
      severity: "error",
      message: "there is no -- at the end, so CMD and the words of docker run are taken for tasks",
      hint: 'end ENTRYPOINT with "--"',
    },
  },
  {
    id: "shell-form",
    kind: "keep",
    entrykit: "A shell-form ENTRYPOINT is run by /bin/sh, which does not pass CMD on.",
    ours: "The same: it is Docker's.",
    reason: "It is Docker's.",
    lint: {
      severity: "error",
      message: "ENTRYPOINT is in shell form: CMD is not passed on, and a shell is PID 1",
      hint: "write it as a JSON array",
    },
  },
  {
    id: "one-word-command",
    kind: "keep",
    entrykit: '`["entrykit -e"]` looks for a program with a space in its name.',
    ours: "The same: it is Docker's.",
    reason: "entrykit's README writes it so.",
    lint: {
      severity: "error",
      message: "there is no program {found}: each word is an element of its own",
      hint: "split it into words",
    },
  },
];
