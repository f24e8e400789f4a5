import type { Page } from "./pages.ts";

/** A fenced block of commands on a page; in a console they stand behind `$`, with what they print below them. */
export interface CommandBlock {
  readonly page: string;
  readonly exchanges: readonly Exchange[];
}

/** Commands, and the lines that a console shows below them. */
export interface Exchange {
  readonly command: string;
  readonly output: string;
}

const FENCE = /^( *)(```|~~~)(sh|bash|zsh|shell|console)\b[^\n]*\n(.*?)^\1\2$/gms;

/** The blocks of commands of a page, in order. */
export function commandBlocks({ path, text }: Page): readonly CommandBlock[] {
  return [...text.matchAll(FENCE)].map(([, , , language, body = ""]) => {
    const exchanges = language === "console" ? consoleExchanges(body) : [{ command: body, output: "" }];
    return { page: path, exchanges };
  });
}

/** A command goes on in the next line after a backslash. */
function consoleExchanges(body: string): readonly Exchange[] {
  return [...body.matchAll(/^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, command = "", output = ""]) => ({
    command,
    output,
  }));
}

/** The command lines of a block, each in one line and without comments. */
export function commandLines({ exchanges }: CommandBlock): readonly string[] {
  return exchanges
    .flatMap(({ command }) => command.replaceAll(/\\\n\s*/g, " ").split("\n"))
    .map((line) => line.replace(/(^|\s)#.*/, "").trim())
    .filter((line) => line !== "");
}

/** How a table names a block. */
export interface BlockName {
  readonly page: string;
  /** Its first line, without comment and backslash; all blocks of the page when left out. */
  readonly begins?: string;
  /** What its console shows, where others begin in the same way. */
  readonly shows?: string;
}

/** Whether a block is one that is named so. */
export function isNamed(block: CommandBlock, { page, begins, shows = "" }: BlockName): boolean {
  const first = block.exchanges[0]?.command.split("\n")[0]?.replace(/\s+(#.*|\\)$/, "");
  return (
    block.page === page &&
    (begins === undefined || begins === first) &&
    block.exchanges.some(({ output }) => output.includes(shows))
  );
}

/** The fenced block of a page, of whatever language, that has this text in it. */
export function blockWith(page: Page | undefined, text: string): string {
  const blocks = [...(page?.text ?? "").matchAll(/^```[^\n]*\n(.*?)^```$/gms)].map(([, body = ""]) => body);
  const [block, ...more] = blocks.filter((body) => body.includes(text));
  if (block === undefined || more.length > 0) throw new Error(`${page?.path}: not one block has ${text}`);
  return block;
}
