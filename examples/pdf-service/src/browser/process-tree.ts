import { readdir, readFile, writeFile } from "node:fs/promises";

/** A process and its parent, by id. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
}

/** A process and all that descend from it. */
export function treeOf(root: number, processes: readonly ProcessEntry[]): readonly number[] {
  const children = processes.filter(({ parent, pid }) => parent === root && pid !== root);
  return [root, ...children.flatMap(({ pid }) => treeOf(pid, processes))];
}

/**
 * Bytes of memory that a process and its descendants take. Shared pages count once, since each process is charged its part
 * of them (PSS). Processes that end meanwhile count nothing.
 *
 * @see https://docs.kernel.org/filesystems/proc.html
 */
export async function memoryOfTree(root: number): Promise<number> {
  const tree = treeOf(root, await readProcesses());
  const sizes = await Promise.all(tree.map((pid) => proportionalBytes(pid)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Far above 0, which the service has: half of the memory there is, counted on top of what the process takes. */
const OFFERED = 500;

/**
 * Makes the kernel take a process or one that descends from it, when memory is short, and not the service. What starts later
 * inherits that.
 *
 * @see https://docs.kernel.org/filesystems/proc.html#proc-pid-oom-adj-proc-pid-oom-score-adj-adjust-the-oom-killer-score
 */
export async function offerToKernel(root: number): Promise<void> {
  // the root first: what it starts after that has it, and what it has started is found
  await offer(root);
  await Promise.all(treeOf(root, await readProcesses()).map((pid) => offer(pid)));
}

/** A process that has ended needs no score. */
async function offer(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/oom_score_adj`, String(OFFERED)).catch(() => undefined);
}

async function readProcesses(): Promise<readonly ProcessEntry[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    names.map(async (name) => {
      const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
      // the program's name is in parentheses and may hold some itself
      const [, parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return stat === "" ? [] : [{ pid: Number(name), parent: Number(parent) }];
    }),
  );
  return entries.flat();
}

async function proportionalBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}
