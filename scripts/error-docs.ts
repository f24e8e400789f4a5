import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ERRORS as assetSync } from "../packages/asset-sync/src/errors.ts";
import { ERRORS as baseImage } from "../packages/base-image/src/errors.ts";
import { ERRORS as entrypoint } from "../packages/entrypoint/src/errors.ts";
import { ROOT } from "./run-command.ts";

type ErrorTable = Readonly<
  Record<string, { readonly exitCode: number; readonly meaning: string; readonly remedy: string }>
>;

const TABLES: Readonly<Record<string, ErrorTable>> = { "base-image": baseImage, "asset-sync": assetSync, entrypoint };

const PAGE = "docs/errors.md";

/** Writes docs/errors.md from the packages' error tables, or answers 1 when the page differs from them. */
export async function runErrorDocs(mode: "write" | "check"): Promise<number> {
  const file = join(ROOT, PAGE);
  const wanted = renderPage();
  if (mode === "write") {
    await writeFile(file, wanted);
    return 0;
  }
  const found = await readFile(file, "utf8").catch(() => "");
  if (found === wanted) return 0;
  process.stdout.write(`${PAGE} differs from the error tables: run \`pnpm docs\`\n`);
  return 1;
}

function renderPage(): string {
  const sections = Object.entries(TABLES).map(([name, table]) => renderSection(name, table));
  return [
    "# Errors",
    "",
    "Every error a program of Slipway reports on purpose, with its exit code. An error that is not here is a bug of ours and comes with its stack.",
    "",
    ...sections,
  ].join("\n");
}

function renderSection(name: string, table: ErrorTable): string {
  const rows = Object.entries(table)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, row]) => `### ${code}\n\nExit code ${row.exitCode}. ${row.meaning}\n\n**What to do:** ${row.remedy}\n`,
    );
  return [`## ${name}`, "", ...rows].join("\n");
}

if (import.meta.main) process.exitCode = await runErrorDocs("write");
