import { PROGRAM_FLAGS, VERBS } from "./verbs.ts";

/** What `--help` prints of each verb. */
export const VERB_HELP: Readonly<Record<string, string>> = {
  run: `entrypoint run [--config FILE] [--release ID] [--json] [--quiet]
               [--timeline FILE] [--metrics NAMESPACE] -- COMMAND...

Carries out the tasks of the definition in their order, each to its end, and
then becomes COMMAND: same PID, nothing stays behind. A task that fails ends
the start, and COMMAND is not run.

  --config FILE  the definition (default: entrypoint.json in this directory)
  --release ID   names the release; see below for where else it is looked up
  --json         events as JSON, one object a line on standard output,
                 the last one the summary; what tasks and processes print
                 there goes to standard error
  --quiet        only warnings and errors
  --timeline FILE
                 the steps as a page of HTML: start, time, wait, exit, memory
  --metrics NAMESPACE
                 the same as CloudWatch's embedded metrics on standard output

Environment:
  ENTRYPOINT_RELEASE     names the release; without it the receipt does, and
                         without one, on ECS, the digest or tag of the image
  ENTRYPOINT_EXIT_CODES  exit codes of the app that become others: 143=0,…;
                         they go before the definition's

Exit codes:
  the command's own; 128+n when signal n ended it
  127  the command is not found
  126  the command is not executable
  125  the start failed
  123  the task of this release failed in another container
  2    wrong use or definition, nothing was touched

Example:
  entrypoint run -- bin/rails server --binding 0.0.0.0
`,
  explain: `entrypoint explain [--config FILE] [--release ID] [--json] [-- COMMAND...]

Prints the plan of a start: the release and where it comes from, the steps, and
how the process becomes COMMAND. Nothing is connected to and nothing is run;
passwords are not shown.

  --config FILE  the definition (default: entrypoint.json in this directory)
  --release ID   names the release
  --json         the plan as one JSON object

Example:
  entrypoint explain -- bin/rails server
`,
  lint: `entrypoint lint [--dockerfile FILE] [--config FILE] [--json]

Looks at a definition, and at the ENTRYPOINT and CMD lines of a Dockerfile that
call this program, codep, prehook, render, switch or entrykit; names what they
do not do as they read, and what is different from entrykit. Nothing is run,
and no variable need be set. Without a name it looks at those files of this
directory that are there.

  --dockerfile FILE  the Dockerfile (otherwise: Dockerfile)
  --config FILE      the definition (otherwise: entrypoint.json)
  --json             findings as JSON, one object a line, the last one the
                     summary

Exit codes:
  1    a finding is an error
  2    wrong use, or a file cannot be read

Example:
  entrypoint lint --dockerfile docker/rails/Dockerfile
`,
  doctor: `entrypoint doctor [--json]

Looks at what a start needs of this container and what it does better with:
init, execve, a shell, where can be written, user, limits, clock, and the name
of the database's host. Nothing is changed.

  --json  findings as JSON, one object a line, the last one the summary

Exit codes:
  0    starts work here; notes say what could be better
  1    starts fail here

Example:
  entrypoint doctor
`,
  health: `entrypoint health [--url URL] [--config FILE] [--booting]

A container's health check for images without curl. Asks the app, or while it
is not there yet the entrypoint itself, and prints the answer: the step and how
long it takes.

  --url URL      default: http://127.0.0.1:PORT/up with the definition's
                 healthPort
  --config FILE  the definition (default: entrypoint.json in this directory)
  --booting      a start that is under way is well, too

Exit codes:
  0    well
  1    not well, no answer, or still booting

Example:
  entrypoint health --url http://127.0.0.1:3000/up
`,
  bake: `entrypoint bake

Writes what V8 makes of this program beside it, so that every start after that
saves the compiling. It belongs into the image's build, with the Node that the
image has: another Node passes over it.

Example:
  entrypoint bake
`,
};

/** The help of the whole program. */
export function programHelp(): string {
  const verbs = Object.entries(VERBS).map(([name, row]): [string, string] => [name, row.does]);
  const rows = [...verbs, ...Object.entries(PROGRAM_FLAGS)];
  const width = Math.max(...rows.map(([name]) => name.length));
  return `The first program of a container: waits, migrates once per release, verifies
the assets, then becomes the app.

${rows.map(([name, does]) => `  entrypoint ${name.padEnd(width)}  ${does}`).join("\n")}

\`entrypoint VERB --help\` says more of a verb. Under the names codep, prehook,
render, switch and entrykit it behaves as entrykit does.

Example:
  entrypoint run -- bin/rails server
`;
}
