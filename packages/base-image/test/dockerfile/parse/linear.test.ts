import { Session } from "node:inspector/promises";
import { afterAll, beforeAll, expect, it } from "vitest";

const SIZE = 1500;

/** Texts that grow with `n` and ask for backtracking, rescanning or copying. */
const HOSTILE: Readonly<Record<string, (n: number) => string>> = {
  "nested substitutions": (n) => `FROM a\nUSER ${"${a:-".repeat(n)}`,
  "substitutions that close": (n) => `FROM a\nUSER ${"${a#*}".repeat(n)}`,
  dollars: (n) => `FROM a\nUSER ${"$".repeat(n)}`,
  quotes: (n) => `FROM a\nENV A=${`"'`.repeat(n)}`,
  backslashes: (n) => `FROM a\nRUN ${"\\".repeat(n)}\n`,
  "empty continuations": (n) => `FROM a\nRUN a\\\n${"\n".repeat(n)}b`,
  continuations: (n) => `FROM a\nRUN ${"a \\\n".repeat(n)}b`,
  comments: (n) => `${"# a\n".repeat(n)}FROM a`,
  "blanks in a directive": (n) => `# check=${" ".repeat(n)}a${" ".repeat(n)}\nFROM a`,
  "blanks around an instruction": (n) => `${" ".repeat(n)}FROM${" ".repeat(n)}a${" ".repeat(n)}`,
  "heredocs that do not end": (n) => `FROM a\n${"RUN <<a\n".repeat(n)}`,
  "many heredocs": (n) => `FROM a\nCOPY ${"<<a ".repeat(n)} /x/\n${"a\n".repeat(n)}`,
  "markers that are none": (n) => `FROM a\nRUN ${"<<< ".repeat(n)}`,
  flags: (n) => `FROM a\nCOPY ${"--exclude=a ".repeat(n)} a /b`,
  "flags that are not ASCII": (n) => `FROM a\nCOPY ${"--exclude=é ".repeat(n)} a /b`,
  mounts: (n) => `FROM a\nRUN ${"--mount=type=cache,target=/a ".repeat(n)} a`,
  "fields of a mount": (n) => `FROM a\nRUN --mount=type=cache${",target=/a".repeat(n)} a`,
  "quoted fields": (n) => `FROM a\nRUN --mount=${`\\"a\\",`.repeat(n)} a`,
  pairs: (n) => `FROM a\nENV ${"A=b ".repeat(n)}`,
  "JSON that is none": (n) => `FROM a\nRUN ["${"a".repeat(n)}`,
  JSON: (n) => `FROM a\nRUN [${`"a",`.repeat(n)}"a"]`,
  "nested JSON": (n) => `FROM a\nRUN ${"[".repeat(n)}${"]".repeat(n)}`,
  ports: (n) => `FROM a\nEXPOSE ${"1-2:1-2/tcp ".repeat(n)}`,
  durations: (n) => `FROM a\nHEALTHCHECK --interval=${"1h".repeat(n)}x CMD a`,
  modes: (n) => `FROM a\nCOPY --chmod=${"u+r,".repeat(n)}z a /b`,
  triggers: (n) => `FROM a\n${"ONBUILD ".repeat(n)}RUN a`,
  stages: (n) => "FROM a\nRUN b\n".repeat(n),
  "instructions without a stage": (n) => "RUN a\n".repeat(n),
  errors: (n) => `FROM a\n${"FOO\n".repeat(n)}`,
};

const session = new Session();

beforeAll(async () => {
  session.connect();
  await session.post("Profiler.enable");
  // What is loaded after this has its blocks counted.
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
});
afterAll(() => {
  session.disconnect();
});

it.each(Object.entries(HOSTILE))("%s: twice the text is twice the work", async (_name, text) => {
  const [once, twice] = [await stepsFor(text(SIZE)), await stepsFor(text(2 * SIZE))];
  expect(once).toBeGreaterThan(0);
  expect(twice).toBeLessThan(2.2 * once + 2000);
});

/** How many blocks of the package's code run while a text is read: what V8 counts for coverage. */
async function stepsFor(text: string): Promise<number> {
  const { parse } = await import("../../../src/dockerfile/parse/parse.ts");
  await session.post("Profiler.takePreciseCoverage");
  parse(text);
  const { result } = await session.post("Profiler.takePreciseCoverage");
  return result
    .filter(({ url }) => url.includes("/src/dockerfile/"))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
    .reduce((sum, count) => sum + count, 0);
}
