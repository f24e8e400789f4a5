import type { EntrykitName } from "./names.ts";
import { ownOptions } from "./options.ts";

const TEXTS: Readonly<
  Record<EntrykitName, { readonly usage: string; readonly does: string; readonly example: string }>
> = {
  codep: {
    usage: "[OPTION...] [[NAME=]TASK...] [-- PROGRAM...]",
    does: "Runs the tasks side by side until the first one ends, stops the others,\nand becomes PROGRAM if it ended well.",
    example: 'codep web="bin/rails server" worker="bundle exec sidekiq"',
  },
  prehook: {
    usage: "[OPTION...] [[NAME=]TASK...] [-- PROGRAM...]",
    does: "Runs the tasks one after the other, then becomes PROGRAM. A task that fails\nends it.",
    example: 'prehook "bin/rails db:migrate" -- bin/rails server',
  },
  render: {
    usage: "[OPTION...] [[NAME=]FILE...] [-- PROGRAM...]",
    does: "Writes each FILE from the template FILE.tmpl, then becomes PROGRAM.",
    example: "render /etc/nginx/nginx.conf -- nginx",
  },
  switch: {
    usage: "[OPTION...] [[NAME=]TASK...] [-- PROGRAM...]",
    does: "Becomes the task whose NAME is the last word of the command line, else PROGRAM.",
    example: "switch shell=/bin/sh -- bin/rails server",
  },
  entrykit: {
    usage: "[OPTION...] [-- PROGRAM...]",
    does: "Renders, switches and runs side by side what the environment or a file names,\nthen becomes PROGRAM.",
    example: "entrykit -e -- bin/rails server",
  },
};

/** The help of one of entrykit's names. */
export function helpOf(name: EntrykitName): string {
  const { usage, does, example } = TEXTS[name];
  const variables = name === "entrykit" ? "RENDER_…, SWITCH_…, CODEP_NAME=TASK" : `${name.toUpperCase()}_NAME=TASK`;
  const rows = {
    "-e": `tasks from variables: ${variables}`,
    "-E": "the same with EK_ in front",
    "-f FILE": "tasks from a file of such lines",
    ...Object.fromEntries(ownOptions(name).map((option) => [option.usage, option.does])),
  };
  const lines = Object.entries(rows).map(([option, text]) => `  ${option.padEnd(16)}  ${text}`);
  return `${name} ${usage}\n\n${does}\n\n${lines.join("\n")}\n\nExample:\n  ${example}\n`;
}
