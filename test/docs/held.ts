import { commandBlocks, isNamed, type BlockName } from "./blocks.ts";
import { notPrinted, outputsOf, type Step } from "./page.ts";
import { pageAt } from "./pages.ts";

/** A block of another page whose output is held against what a followed page has the same program print, under other names. */
export interface Held extends BlockName {
  /** What the followed page calls, where it does. */
  readonly command?: string;
  /** What is run after the last step of that page; it ends well where the block's command ends as it should. */
  readonly after?: string;
}

const page = "packages/base-image/README.md";

/** Held by following from-nothing.md. */
export const HELD: readonly Held[] = [
  {
    page,
    begins: "base-image verify slipway-base:runtime",
    command: "npx base-image verify ruby-node:runtime",
  },
  {
    page,
    begins: "base-image publish --to registry.example.com/team/ruby-node",
    command: 'npx base-image publish --to "$REGISTRY/ruby-node"',
  },
  {
    page,
    begins: "base-image build",
    after: [
      `sed --in-place 's/^  name: .*/&\\n  budget: { runtime: { maxSize: "250 MB", maxWaste: "1 MB" } },/' base-image.config.mts`,
      "code=0; npx base-image build --variant runtime --network host || code=$?; test $code = 3",
    ].join("\n"),
  },
];

/** Names, digests, the numbers of patch releases, platforms and sizes. */
const VARIES =
  /slipway-base|registry\.example\.com\/team|[0-9a-f]{8}…|(?<=ruby-|node-)\d+\.\d+\.\d+|linux\/\w+| *\d+\.\d MB/g;

/** What is run after the steps of the page, a step each. */
export function stepsAfter(rows: readonly Held[]): readonly Step[] {
  return rows.flatMap(({ after }) => (after === undefined ? [] : [{ kind: "commands", text: after } as const]));
}

/** The lines that the blocks show and the steps have not printed in this order; all of them where no step calls what the row says. */
export function linesNotHeld(rows: readonly Held[], steps: readonly Step[], transcript: string): readonly string[] {
  const outputs = outputsOf(transcript);
  return rows.flatMap((row) => {
    const at = steps.findIndex(
      (step) => step.kind === "commands" && step.text.includes(row.command ?? row.after ?? ""),
    );
    return notPrinted(shownBy(row), outputs[at] ?? []);
  });
}

function shownBy(row: Held): readonly string[] {
  const text = pageAt(row.page);
  const blocks = text === undefined ? [] : commandBlocks(text).filter((block) => isNamed(block, row));
  return blocks
    .flatMap(({ exchanges }) => exchanges)
    .flatMap(({ output }) => output.replaceAll(VARIES, "…").trimEnd().split("\n"));
}
