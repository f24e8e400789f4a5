import { bundlePrograms } from "./bundle.ts";
import { checkPackage } from "./check-package.ts";
import { staleFiles } from "./generate.ts";
import { runCommand } from "./run-command.ts";
import { runTests } from "./test.ts";

/** One thing that must hold before a change lands; it answers an exit code. */
interface Check {
  readonly name: string;
  readonly run: () => Promise<number>;
}

const CHECKS: readonly Check[] = [
  { name: "format", run: () => runCommand("oxfmt", ["--check"]) },
  { name: "types", run: () => runCommand("tsc", ["-b"]) },
  { name: "lint", run: () => runCommand("oxlint", ["--type-aware", "--deny-warnings"]) },
  { name: "unused code", run: () => runCommand("knip", ["--treat-config-hints-as-errors"]) },
  { name: "generated files", run: checkGenerated },
  { name: "bundles", run: () => bundlePrograms().then(() => 0) },
  ...["base-image", "asset-sync", "entrypoint"].map((name) => ({
    name: `package ${name}`,
    run: () => checkPackage(name),
  })),
];

async function checkGenerated(): Promise<number> {
  const stale = await staleFiles();
  for (const path of stale) process.stdout.write(`${path} is stale: run \`pnpm generate\`\n`);
  return stale.length;
}

const failures: string[] = [];
for (const check of CHECKS) {
  process.stdout.write(`\n▸ ${check.name}\n`);
  if ((await check.run()) !== 0) failures.push(check.name);
}

process.stdout.write("\n▸ tests\n");
const tests = await runTests([]);
if (tests.exitCode !== 0 && tests.failed === 0) failures.push("tests");

if (failures.length > 0) process.stdout.write(`\nfailed checks: ${failures.join(", ")}\n`);
const failed = failures.length + tests.failed;
process.stdout.write(`\n${tests.passed + CHECKS.length - failures.length} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
