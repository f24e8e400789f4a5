import { isAlive, startProgram, until } from "@slipway/testkit";
import { expect, it } from "vitest";

it("tells what a program says and how it ends", async () => {
  await using program = startProgram("sh", ["-c", "echo out; echo err >&2; exit 3"]);
  await program.says(/out/);
  expect(await program.ended).toEqual({ code: 3, signal: null });
  expect([program.stdout(), program.stderr()]).toEqual(["out\n", "err\n"]);
});

it("rejects when the program ends without having said it", async () => {
  await using program = startProgram("sh", ["-c", "echo something else"]);
  await expect(program.says("never")).rejects.toThrow(/never said never.*something else/s);
});

it("kills the program with its children at the end of the scope", async () => {
  let child = 0;
  {
    await using program = startProgram("sh", ["-c", "sleep 60 & echo $!; wait"]);
    await program.says(/\d+\n/);
    child = Number(program.stdout());
    expect(await isAlive(child)).toBe(true);
  }
  await until("the child is gone", async () => !(await isAlive(child)));
});
