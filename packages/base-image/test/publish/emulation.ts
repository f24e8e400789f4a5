import { existsSync } from "node:fs";

import { execa } from "execa";

/** Where the kernel says which programs of another machine it can start. */
const KERNEL = "/proc/sys/fs/binfmt_misc";

/** Whether containers of arm64 run here, and if not, what is missing. */
export interface Emulation {
  readonly available: boolean;
  readonly reason: string;
}

/** Lets this machine run programs of arm64 through Debian's qemu, which it installs where it may. */
export async function prepareEmulation(): Promise<Emulation> {
  if (process.arch === "arm64" || existsSync(`${KERNEL}/qemu-aarch64`)) return { available: true, reason: "" };
  const reason = "needs qemu-user-static and binfmt-support of Debian, and the right to register them";
  if (process.getuid?.() !== 0) return { available: false, reason };
  const steps = [
    "command -v qemu-aarch64-static || apt-get install --yes --quiet qemu-user-static binfmt-support",
    `test -e ${KERNEL}/register || mount -t binfmt_misc binfmt_misc ${KERNEL}`,
    "update-binfmts --enable qemu-aarch64",
  ];
  await execa("sh", ["-c", steps.join(" && ")], { reject: false });
  return existsSync(`${KERNEL}/qemu-aarch64`) ? { available: true, reason: "" } : { available: false, reason };
}
