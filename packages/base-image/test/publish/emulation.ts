import { existsSync } from "node:fs";

import { execa } from "execa";

/** Where the kernel says which programs of another machine it can start. */
const KERNEL = "/proc/sys/fs/binfmt_misc";

/** Has the kernel start programs of arm64 through Debian's qemu. Takes root where nobody has done so before. */
export async function enableEmulation(): Promise<void> {
  if (process.arch === "arm64" || existsSync(`${KERNEL}/qemu-aarch64`)) return;
  if (!existsSync(`${KERNEL}/register`)) await execa("mount", ["-t", "binfmt_misc", "binfmt_misc", KERNEL]);
  await execa("update-binfmts", ["--enable", "qemu-aarch64"]);
}
