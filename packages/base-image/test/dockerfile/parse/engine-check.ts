import { execFile } from "node:child_process";
import { join } from "node:path";

import { tempTree } from "@slipway/testkit";

/** What the engine's frontend says of a file: nothing wrong, or its error. */
export type Verdict = { readonly accepted: true } | { readonly accepted: false; readonly says: string };

const HEAD = /^t(\d+)$/;
const BATCH = 32;
const TRIES = 5;

/** Has the engine check many Dockerfiles, without building them. The verdicts are in the order of the files. */
export async function checkWithEngine(files: readonly string[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let from = 0; from < files.length; from += BATCH)
    verdicts.push(...(await checkBatch(files.slice(from, from + BATCH))));
  return verdicts;
}

async function checkBatch(files: readonly string[]): Promise<readonly Verdict[]> {
  const contexts = files.flatMap((file, index) => [
    [`t${index}/Dockerfile`, file],
    [`t${index}/a`, ""],
  ]);
  await using tree = await tempTree(Object.fromEntries(contexts));
  const target = Object.fromEntries(files.map((_, index) => [`t${index}`, { context: join(tree.path, `t${index}`) }]));
  const definition = JSON.stringify({ group: { default: { targets: Object.keys(target) } }, target });
  // Many checks at once make an engine that is busy lose the status of one, and buildx then says nothing of all.
  let output = { stdout: "", stderr: "" };
  for (let tries = 0; output.stdout === "" && tries < TRIES; tries += 1) output = await bakeCheck(definition);
  const verdicts = verdictsIn(output.stdout);
  return files.map((_, index) => verdicts.get(index) ?? { accepted: false, says: `no verdict: ${output.stderr}` });
}

function verdictsIn(output: string): ReadonlyMap<number, Verdict> {
  const verdicts = new Map<number, Verdict>();
  let number = 0;
  for (const line of output.split("\n")) {
    const head = HEAD.exec(line)?.[1];
    if (head !== undefined) {
      number = Number(head);
      verdicts.set(number, { accepted: true });
    } else if (/^error: /i.test(line)) verdicts.set(number, { accepted: false, says: line.slice("error: ".length) });
  }
  return verdicts;
}

function bakeCheck(definition: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const args = ["buildx", "bake", "--file", "-", "--call", "check", "--allow", "fs.read=*", "--progress", "quiet"];
    const child = execFile("docker", args, { maxBuffer: 2 ** 28 }, (_error, stdout, stderr) => {
      resolve({ stdout, stderr });
    });
    child.stdin?.end(definition);
  });
}
