import { request } from "node:http";

import { lookUpServices, until } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { script } from "./hostile-pages.ts";
import { buildImages } from "./images.ts";
import { startService, type Part, type RunningService } from "./running-service.ts";

const services = lookUpServices("docker");
const PAGE: Part = ["files", "<h1>page</h1>", "index.html"];

/** More than one and a half times the limit, and less than the container has. */
const MUCH = `<script>const all = Array.from({ length: 24 }, () => new Uint8Array(5e7).fill(1))</script>`;

/** Limits low enough to be met in a test. */
const LIMITS = {
  PDF_TIMEOUT_SECONDS: "4",
  PDF_OUTPUT_MB: "2",
  PDF_MEMORY_MB: "600",
  PDF_CONCURRENCY: "3",
  PDF_QUEUE: "2",
};

describe.skipIf(!services.available)("a form that asks for too much", () => {
  const started = new AsyncDisposableStack();
  let service: RunningService;
  /** The same with time for what needs some, on whatever machine. */
  let patient: RunningService;

  beforeAll(async () => {
    await buildImages();
    service = started.use(await startService(LIMITS));
    patient = started.use(await startService({ ...LIMITS, PDF_TIMEOUT_SECONDS: "60" }));
  });

  afterAll(() => started.disposeAsync());

  it.each([
    ["a script that loops", `<script>for (;;);</script>`],
    [
      "a script that loops after the page has loaded",
      `<script>onload = () => setTimeout(() => { for (;;); })</script>`,
    ],
    [
      "a worker that loops, and never ends",
      script(`new Worker(URL.createObjectURL(new Blob(["for(;;);"]))); await new Promise(() => {})`),
    ],
    [
      "a page that grows for ever",
      `<script>setInterval(() => { for (let i = 0; i < 5000; i++) document.body.append(document.createElement("p")) })</script>`,
    ],
    ["an endless regular expression", `<script>/^(a+)+$/.test("a".repeat(60) + "b")</script>`],
    ["a page that loads itself", `<script>location.reload()</script>`],
    ["a dialogue after the other", `<script>for (;;) alert("x")</script>`],
    ["frames in frames", `<iframe src="/index.html"></iframe>`.repeat(50)],
    [
      "an animation that asks for the next frame",
      `<script>const f = () => { for (let i = 0; i < 1e7; i++); requestAnimationFrame(f) }; f()</script>`,
    ],
    ["a million pages", `<style>p { break-after: page }</style><script>document.write("<p>x".repeat(1e6))</script>`],
    ["a page of 20,000 metres", `<div style="height: 2000000000px">x</div>`],
    ["entities in entities", svgBomb()],
    ["deep nesting", `${"<div>".repeat(100_000)}x`],
    ["memory", `<script>const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()))</script>`],
    [
      "memory of images",
      `<canvas></canvas><script>for (let i = 0; i < 200; i++) { const c = document.createElement("canvas"); c.width = c.height = 8000; c.getContext("2d").fillRect(0, 0, 8000, 8000); document.body.append(c) }</script>`,
    ],
    [
      "memory outside of the script's heap",
      `<script>const all = []; for (;;) all.push(new Uint8Array(5e7).fill(1))</script>`,
    ],
  ])("gets an answer in time, and the next one a PDF: %s", async (_what, page) => {
    const answer = await service.post("html", [
      ["files", `<!doctype html>${page}`, "index.html"],
      ["waitDelay", "500ms"],
    ]);
    expect(answer.code).toMatch(/^(OK|PDF_(BROWSER_LOST|PAGE_FAILED|SETTINGS_REFUSED|TIMEOUT|TOO_LARGE))$/);
    await until("a page is printed again", async () => (await service.post("html", [PAGE])).code === "OK");
  });

  it.each([
    ["waitForExpression", "(() => { for (;;); })()", "PDF_TIMEOUT"],
    ["waitForExpression", "false", "PDF_TIMEOUT"],
    ["waitForExpression", "}{", "PDF_FIELD_INVALID"],
    ["waitForSelector", "#never", "PDF_TIMEOUT"],
    ["waitForSelector", "h1{", "PDF_FIELD_INVALID"],
    ["waitForSelector", "::-p-xpath(((", "PDF_FIELD_INVALID"],
    ["waitForSelector", "h1 ::-p-xpath(((", "PDF_FIELD_INVALID"],
    ["cookies", '[{"name":"a","value":"b","domain":"../x"}]', "PDF_FIELD_INVALID"],
    ["cookies", '[{"name":"__Host-a","value":"b","domain":"a.test"}]', "PDF_FIELD_INVALID"],
    ["cookies", String.raw`[{"name":"a\nb","value":"b","domain":"a.test"}]`, "PDF_FIELD_INVALID"],
    ["waitWindowStatus", "never", "PDF_TIMEOUT"],
    ["waitDelay", "1h", "PDF_FIELD_INVALID"],
    ["nativePageRanges", "900-901", "PDF_SETTINGS_REFUSED"],
    ["marginTop", "100", "PDF_SETTINGS_REFUSED"],
    ["extraHttpHeaders", '{"Host":"127.0.0.1"}', "PDF_FIELD_INVALID"],
    ["pdfa", "PDF/A-2b", "PDF_FIELD_UNSUPPORTED"],
    ["files", "text, and no file", "PDF_FIELD_UNKNOWN"],
  ])("is told so: %s=%s is %s", async (name, value, code) => {
    const asked = code === "PDF_TIMEOUT" ? service : patient;
    expect((await asked.post("html", [PAGE, [name, value]])).code).toBe(code);
  });

  it("loses its browser when it takes too much memory for long enough", async () => {
    const form: Part[] = [
      ["files", MUCH, "index.html"],
      ["waitWindowStatus", "never"],
    ];
    expect((await patient.post("html", form)).code).toBe("PDF_BROWSER_LOST");
    expect(await patient.metric('pdf_browser_ends_total{reason="memory"}')).toBe(1);
  });

  it("is told so when its PDF is too large", async () => {
    const noise = `<canvas width=1500 height=1500></canvas><script>
      const context = document.querySelector("canvas").getContext("2d"); const image = context.createImageData(1500, 1500);
      for (let at = 0; at < image.data.length; at++) image.data[at] = Math.random() * 256;
      context.putImageData(image, 0, 0);</script>`;
    expect((await patient.post("html", [["files", noise, "index.html"]])).code).toBe("PDF_TOO_LARGE");
  });

  it.each([
    ["../index.html", "PDF_FILE_INVALID"],
    ["../../etc/cron.d/x", "PDF_FILE_INVALID"],
    [String.raw`..\x`, "PDF_FILE_INVALID"],
    ["/etc/passwd", "PDF_FILE_INVALID"],
    ["index.html", "PDF_FILE_INVALID"],
  ])("is told so when a second file is called %s", async (name, code) => {
    expect((await service.post("html", [PAGE, ["files", "x", name]])).code).toBe(code);
  });

  it.each([
    ["no form", "application/json", "{}", "PDF_BODY_NOT_A_FORM"],
    ["no boundary", "multipart/form-data", "x", "PDF_BODY_NOT_A_FORM"],
    ["no end", "multipart/form-data; boundary=b", `--b\r\n${file("index.html")}`, "PDF_BODY_NOT_A_FORM"],
    ["no parts", "multipart/form-data; boundary=b", "--b--\r\n", "PDF_FILE_INVALID"],
    ["noise", "multipart/form-data; boundary=b", "\u0000\u0001".repeat(5000), "PDF_BODY_NOT_A_FORM"],
    ["a part without a name", "multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--\r\n", "PDF_FILE_INVALID"],
    [
      "endless headers of a part",
      "multipart/form-data; boundary=b",
      `--b\r\nX: ${"y".repeat(200_000)}\r\n\r\nx\r\n--b--\r\n`,
      "PDF_FILE_INVALID",
    ],
    ["a multipart in a multipart", "multipart/form-data; boundary=b", nested(), "PDF_FILE_INVALID"],
    [
      "10,000 fields",
      "multipart/form-data; boundary=b",
      `${parts(10_000, (n) => field(`f${n}`))}--b--\r\n`,
      "PDF_BODY_NOT_A_FORM",
    ],
    [
      "10,000 files",
      "multipart/form-data; boundary=b",
      `${parts(10_000, (n) => file(`f${n}`))}--b--\r\n`,
      "PDF_BODY_NOT_A_FORM",
    ],
    [
      "a field of 100 kB",
      "multipart/form-data; boundary=b",
      `--b\r\n${field("userAgent", "x".repeat(1e5))}\r\n--b--\r\n`,
      "PDF_FIELD_INVALID",
    ],
    [
      "a NUL in a file's name",
      "multipart/form-data; boundary=b",
      `--b\r\n${file("a\u0000.html")}\r\n--b--\r\n`,
      "PDF_FILE_INVALID",
    ],
  ])("is told so when it is %s", async (_what, type, body, code) => {
    expect(await send({ "content-type": type }, [body])).toMatchObject({ status: 400, code });
  });

  it("is told so when its body has 100 MB, announced or not", async () => {
    const chunk = "x".repeat(1e6);
    const type = { "content-type": "multipart/form-data; boundary=b" };
    const body = [`--b\r\n${file("index.html")}`, ...Array.from({ length: 100 }, () => chunk), "\r\n--b--\r\n"];
    const length = body.reduce((sum, part) => sum + part.length, 0);
    expect(await send({ ...type, "content-length": String(length) }, body)).toMatchObject({
      code: "PDF_BODY_TOO_LARGE",
    });
    expect(await send({ ...type, "transfer-encoding": "chunked" }, body)).toMatchObject({ code: "PDF_BODY_TOO_LARGE" });
    await until("the bytes are given back", async () => (await service.metric("pdf_held_bytes")) === 0);
  });

  it("is told so when its body never comes", async () => {
    const type = { "content-type": "multipart/form-data; boundary=b", "content-length": "1000" };
    expect(await send(type, ["--b\r\n"])).toMatchObject({ status: 503, code: "PDF_TIMEOUT" });
  });

  it.each([
    ["gotenberg-output-filename", "../../cv"],
    ["gotenberg-output-filename", 'a"\tb'],
    ["gotenberg-trace", "a b"],
    ["gotenberg-trace", `"}`],
    ["gotenberg-webhook-url", "http://127.0.0.1/"],
  ])("is told so when its header %s is %j", async (name, value) => {
    expect((await service.post("html", [PAGE], { [name]: value })).status).toBe(400);
  });

  it("leaves nothing in the temp folder, no process of its own, and memory as it was", async () => {
    await until("one browser is left", async () => (await service.sh("ls /tmp")).split("\n").length === 1);
    await until("no zombie is left", async () => !(await service.processes()).some((each) => each.startsWith("Z")));
    await until("memory is given back", async () => (await service.metric("pdf_browser_memory_bytes")) < 3e8);
    expect((await service.get("/health")).status).toBe(200);
    expect(await service.logs()).not.toContain("PDF_UNEXPECTED");
  });

  /** Sends bytes as they are; what comes after an early answer may not get through. */
  function send(
    headers: Readonly<Record<string, string>>,
    body: readonly string[],
  ): Promise<{ status: number; code: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(`${service.url}/forms/chromium/convert/html`, { method: "POST", headers });
      let answered = false;
      sent.on("response", (response) => {
        answered = true;
        const { statusCode = 0, headers: got } = response;
        response.resume();
        resolve({ status: statusCode, code: String(got["pdf-error"] ?? "OK") });
      });
      sent.on("error", (error) => (answered ? undefined : reject(error)));
      for (const part of body) sent.write(part);
      // a body that is shorter than announced stays open
      if (Number(headers["content-length"] ?? 0) !== 1000) sent.end();
    });
  }
});

function parts(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `--b\r\n${make(index)}\r\n`).join("");
}

function file(name: string): string {
  return `Content-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: text/html\r\n\r\n<p>x`;
}

function field(name: string, value = "x"): string {
  return `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
}

function nested(): string {
  const type = "Content-Type: multipart/mixed; boundary=c";
  return `--b\r\nContent-Disposition: form-data; name="files"\r\n${type}\r\n\r\n--c\r\n${file("index.html")}\r\n--c--\r\n--b--\r\n`;
}

/** Each entity is ten of the one before. */
function svgBomb(): string {
  const entities = Array.from({ length: 12 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join("");
  const svg = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "x">${entities}]><svg xmlns="http://www.w3.org/2000/svg"><text>&e12;</text></svg>`;
  return `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}"><iframe src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}"></iframe>`;
}
