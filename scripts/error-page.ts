import { ERRORS as assetSync } from "@slipway/asset-sync";
import { ERRORS as baseImage } from "@slipway/base-image";
import { ERRORS as entrypoint } from "@slipway/entrypoint";

import { ERRORS as deploy } from "../examples/deploy/src/errors.ts";
import { REFUSALS as pdfService } from "../examples/pdf-service/src/refusal.ts";

/** A program ends with an exit code, a service answers a status. */
type ErrorTable = Readonly<
  Record<
    string,
    { readonly meaning: string; readonly remedy: string } & (
      | { readonly exitCode: number }
      | { readonly status: number }
    )
  >
>;

const TABLES: Readonly<Record<string, ErrorTable>> = {
  "base-image": baseImage,
  "asset-sync": assetSync,
  entrypoint,
  deploy,
  "pdf-service": pdfService,
};

/** The page of every error code, from the packages' own tables. */
export function renderErrorPage(): string {
  const sections = Object.entries(TABLES).map(([name, table]) => renderSection(name, table));
  return [
    "# Errors",
    "",
    "Every error that a program of Slipway reports on purpose. An error that is not here is a bug of ours and comes with its stack.",
    "",
    ...sections,
  ].join("\n");
}

function renderSection(name: string, table: ErrorTable): string {
  const rows = Object.entries(table)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, row]) => `### ${code}\n\n${end(row)}. ${row.meaning}\n\n**What to do:** ${row.remedy}\n`);
  return [`## ${name}`, "", ...rows].join("\n");
}

function end(row: ErrorTable[string]): string {
  return "status" in row ? `Status ${row.status}` : `Exit code ${row.exitCode}`;
}
