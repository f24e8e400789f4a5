/** A call of one of our programs as a page shows it. */
export interface ShownCall {
  readonly program: string;
  readonly verb: string;
  readonly flags: readonly string[];
}

/**
 * The calls in the `sh` and `console` blocks of a page: of a program by its name with a verb after it, wherever in a command line it
 * stands. What comes after `--`, a pipe or a redirection is another program's.
 */
export function shownCalls(markdown: string, programs: readonly string[]): readonly ShownCall[] {
  const blocks = [...markdown.matchAll(/^```(sh|console)\n(.*?)^```$/gms)];
  return blocks
    .flatMap(([, language, text = ""]) => commandLines(text, language === "console"))
    .flatMap((line) => line.split(/[|;>]|&&/))
    .flatMap((command) => callsOf(command, programs));
}

/** Commands with their continued lines joined; in a console they are the lines after a `$`, if it has any. */
function commandLines(text: string, console: boolean): readonly string[] {
  const lines = text.replaceAll(/\\\n\s*/g, " ").split("\n");
  const typed = lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
  return console && typed.length > 0 ? typed : lines;
}

function callsOf(command: string, programs: readonly string[]): readonly ShownCall[] {
  const words = command.replace(/ #.*/, "").trim().split(/\s+/);
  const own = words.slice(0, words.includes("--") ? words.indexOf("--") : undefined);
  const at = own.findIndex((word, index) => programs.includes(word) && own[index - 1] !== "--entrypoint");
  const rest = own.slice(at + 1);
  const verb = rest.find(
    (word, index) => /^[a-z][a-z-]*$/.test(word) && !/^--(config|image)$/.test(rest[index - 1] ?? ""),
  );
  if (at === -1 || verb === undefined) return [];
  const flags = rest.filter((word) => word.startsWith("--")).map((word) => word.replace(/=.*/, ""));
  return [{ program: own[at] ?? "", verb, flags }];
}
