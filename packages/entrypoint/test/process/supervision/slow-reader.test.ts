import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { expect, it } from "vitest";

const FIXTURE = fileURLToPath(new URL("../../fixtures/supervise.ts", import.meta.url));

const TASKS = 50;
const BYTES_OF_A_TASK = 60_000;

/** So slow that what is left when the last task has ended takes some seconds. */
const BYTES_A_SECOND = 800_000;

/** What sockets, pipes and streams on the way hold, and much less than all. */
const ON_THE_WAY = 1_000_000;

it.each([
  ["a socket", ""],
  ["a pipe", " | cat"],
])("all output reaches whoever reads slowly from %s, and what is started again waits for that", async (_, through) => {
  const argv = ["sh", "-c", `yes | head -c ${String(BYTES_OF_A_TASK)}`];
  const restart = { when: "always", most: TASKS - 1, backOffMs: 0, longestMs: 1e9 };
  const call = JSON.stringify({ processes: [{ name: "talks", argv, restart }], endWhen: "all", events: true });
  const script = `"$0" "$1" "$2"${through}`;
  const words = ["-c", script, process.execPath, FIXTURE, call];
  const supervisor = spawn("sh", words, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(supervisor, "close");
  let [read, written, ahead] = [0, 0, 0];
  createInterface(supervisor.stderr).on("line", (line) => {
    if (line.includes('"process-ended"')) written += BYTES_OF_A_TASK;
    ahead = Math.max(ahead, written - read);
  });
  for await (const piece of supervisor.stdout) {
    read += piece.length;
    await pause((piece.length / BYTES_A_SECOND) * 1_000);
  }
  expect(read).toBe(TASKS * BYTES_OF_A_TASK);
  expect(await ended).toEqual([0, null]);
  expect(written).toBe(read);
  expect(ahead).toBeLessThan(ON_THE_WAY);
});
