import { lookUpServices, until } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildImages } from "./images.ts";
import { startPdfReader, type PdfReader } from "./pdf-reader.ts";
import { startService, type Answer, type RunningService } from "./running-service.ts";

const services = lookUpServices("docker");
const JOBS = 200;
const CLIENTS = 20;

/** Every twentieth job something is killed: in turn the browser and one of its renderers. */
const KILL_EVERY = 20;

describe.skipIf(!services.available)(`${JOBS} jobs of ${CLIENTS} clients, while browsers are killed`, () => {
  let service: RunningService;
  let reader: PdfReader;
  let idleBytes: number;
  const killed = new Set<string>();
  const answers: { readonly job: number; readonly answer: Answer }[] = [];

  beforeAll(async () => {
    await buildImages();
    reader = await startPdfReader();
    // on a busy machine prints are slow; only what hangs takes this long
    service = await startService({ PDF_TIMEOUT_SECONDS: "150" });
    await print(0);
    await until("memory was measured", async () => (await service.metric("pdf_browser_memory_bytes")) > 0);
    idleBytes = await service.metric("pdf_browser_memory_bytes");
    let next = 1;
    const client = async (): Promise<void> => {
      for (let job = next++; job <= JOBS; job = next++) {
        const printing = print(job);
        if (job % (2 * KILL_EVERY) === 0) await killBrowsers(job / (2 * KILL_EVERY));
        else if (job % KILL_EVERY === 0) await service.sh(KILL_RENDERER);
        answers.push({ job, answer: await printing });
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, () => client()));
  });

  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await reader?.[Symbol.asyncDispose]();
  });

  it("get a PDF with the text of their own page, or an error that says to come again", async ({ annotate }) => {
    expect(answers.map(({ job }) => job).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: JOBS }, (_, n) => n + 1),
    );
    const printed = answers.filter(({ answer }) => answer.code === "OK");
    const read = await reader.read(...printed.map(({ answer }) => answer.body));
    expect(read.map(({ text }) => text.trim())).toEqual(printed.map(({ job }) => `職務経歴書 第${job}号`));
    const failed = answers.filter(({ answer }) => answer.code !== "OK");
    for (const { answer } of failed) {
      expect([answer.status, answer.code]).toEqual([503, "PDF_BROWSER_LOST"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    await annotate(`${printed.length} printed, ${failed.length} told to come again`);
    expect(failed.length).toBeGreaterThan(0);
    expect(printed.length).toBeGreaterThan(JOBS / 2);
  });

  it("leave one browser of the usual size, no zombie and no profile but its own", async () => {
    const crashes = await service.metric(CRASHES);
    expect(crashes).toBeGreaterThanOrEqual(JOBS / KILL_EVERY / 2);
    expect(crashes).toBeLessThanOrEqual(killed.size);
    expect((await print(0)).code).toBe("OK");
    await until("one profile is left", async () => (await service.sh("ls /tmp")).split("\n").length === 1);
    await until(
      "memory is as it was",
      async () => (await service.metric("pdf_browser_memory_bytes")) < idleBytes * 1.5,
      30_000,
    );
    await until("no zombie is left", async () => !(await service.processes()).some((each) => each.startsWith("Z")));
    expect((await service.processes()).length).toBeLessThan(12);
    expect(await service.metric("pdf_held_bytes")).toBe(0);
    expect(await service.logs()).not.toContain("PDF_UNEXPECTED");
  });

  /** Kills until the service has lost that many in all: one that only starts, or retires, is no crash. */
  async function killBrowsers(inAll: number): Promise<void> {
    await until(`${inAll} browsers in use were killed`, async () => {
      if ((await service.metric(CRASHES)) >= inAll) return true;
      const pid = await service.sh(KILL_BROWSER);
      if (pid !== "") killed.add(pid);
      return false;
    });
  }

  function print(job: number): Promise<Answer> {
    const page = `<!doctype html><html lang=ja><meta charset=utf-8><p>職務経歴書 第${job}号`;
    return service.post("html", [
      ["files", page, "index.html"],
      ["waitDelay", "100ms"],
    ]);
  }
});

const CRASHES = 'pdf_browser_ends_total{reason="crash"}';

// a class of one letter, so that the script does not find itself
const KILL_BROWSER = `for path in /proc/[0-9]*; do
  if grep -qa "[c]hromium" "$path/cmdline" 2>/dev/null && ! grep -qa -- "--type=" "$path/cmdline"; then
    kill -9 "\${path#/proc/}" && echo "\${path#/proc/}"; exit 0
  fi
done`;

const KILL_RENDERER = `for path in /proc/[0-9]*; do
  if grep -qa -- "--type=[r]enderer" "$path/cmdline" 2>/dev/null; then kill -9 "\${path#/proc/}"; exit 0; fi
done`;
