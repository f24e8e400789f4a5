import { pipeline } from "node:stream";

import { lookUpServices, until } from "@slipway/testkit";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildImages, IMAGES } from "./images.ts";
import { startPdfReader, type PdfReader } from "./pdf-reader.ts";
import { startService, type Part, type RunningService } from "./running-service.ts";
import { startSite, type Site } from "./sites.ts";

const services = lookUpServices("docker");
const STYLE: Part = ["files", "h1 { font-family: sans-serif } p { font-family: serif; break-after: page }", "様式.css"];

function page(body: string): Part {
  return [
    "files",
    `<!doctype html><html lang=ja><meta charset=utf-8><link rel=stylesheet href="様式.css">${body}`,
    "index.html",
  ];
}

const NO_PAGES: Readonly<Record<string, { status: number; headers: Readonly<Record<string, string>> }>> = {
  "/empty": { status: 204, headers: {} },
  "/pdf": { status: 200, headers: { "Content-Type": "application/pdf" } },
  "/save": { status: 200, headers: { "Content-Type": "text/html", "Content-Disposition": "attachment" } },
};

/** The processes, each by its type or its program, and what the kernel adds to it when it chooses one to end. */
const SCORES = `for path in /proc/[0-9]*; do
  words=$(tr '\\0' '\\n' <"$path/cmdline")
  echo "$(echo "$words" | grep -m 1 -o -e '--type=[a-z]*' || echo "$words" | head -1) $(cat "$path/oom_score_adj")"
done 2>/dev/null`;

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(1e5, "x");
}

describe.skipIf(!services.available)("the service in its container", () => {
  let service: RunningService;
  let reader: PdfReader;
  let site: Site;

  beforeAll(async () => {
    await buildImages();
    reader = await startPdfReader();
    site = await startSite((request, response) => {
      if (request.url === "/endless") {
        pipeline(endless(), response, () => undefined);
        return;
      }
      const noPage = NO_PAGES[request.url ?? ""];
      if (noPage !== undefined) {
        response.writeHead(noPage.status, noPage.headers).end();
        return;
      }
      response.statusCode = request.url === "/broken" ? 500 : 200;
      const { authorization, cookie, "user-agent": agent } = request.headers;
      response.setHeader("Content-Type", "text/html");
      response.end(`<img src=/broken><p>${authorization} ${cookie} ${agent}</p>`);
    });
    const hosts = ["--add-host", "site.test:host-gateway"];
    service = await startService(
      { PDF_ALLOWED_HOSTS: `site.test:${site.port}`, PDF_RECYCLE_AFTER: "5", PDF_FETCH_MB: "5" },
      hosts,
    );
  });

  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await reader?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  it("prints Japanese with embedded fonts, on the paper and with the footer that are asked for", async () => {
    const parts: Part[] = [
      page("<h1>職務経歴書</h1><p>東京都</p><p>大阪府</p>"),
      STYLE,
      ["files", "<span style='font-size: 9px'>頁 <span class=pageNumber></span></span>", "footer.html"],
      ["paperWidth", "210mm"],
      ["paperHeight", "297mm"],
      ["nativePageRanges", "1-2"],
    ];
    const answer = await service.post("html", parts, {
      "gotenberg-output-filename": "cv",
      "gotenberg-trace": "trace-1",
    });
    expect(answer.code).toBe("OK");
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/pdf",
      "content-disposition": `attachment; filename="cv.pdf"; filename*=UTF-8''cv.pdf`,
      "gotenberg-trace": "trace-1",
    });
    expect(await reader.read(answer.body)).toEqual([
      {
        text: expect.stringMatching(/頁 ?1[^]*職務経歴書[^]*東京都[^]*頁 ?2[^]*大阪府/),
        fonts: expect.stringMatching(/IPAexMincho +CID TrueType +Identity-H +yes yes yes/),
        pages: 2,
      },
    ]);
  });

  it("prints an address, with the headers, cookies and agent of the form", async () => {
    const answer = await service.post("url", [
      ["url", `http://site.test:${site.port}/`],
      ["extraHttpHeaders", '{"Authorization":"Bearer token"}'],
      ["cookies", '[{"name":"session","value":"kept","domain":"site.test"}]'],
      ["userAgent", "agent/1"],
    ]);
    expect(await reader.read(answer.body)).toMatchObject([
      { text: expect.stringContaining("Bearer token session=kept agent/1") },
    ]);
  });

  it.each([
    ["/broken", []],
    ["/", [["failOnResourceHttpStatusCodes", "[599]"]]],
  ] as const)("answers 409 for what the form says must not happen: %s %j", async (path, fields) => {
    const answer = await service.post("url", [["url", `http://site.test:${site.port}${path}`], ...fields]);
    expect([answer.status, answer.code]).toEqual([409, "PDF_PAGE_FAILED"]);
  });

  it("answers 409 for a script that throws, and 400 for an address that does not answer", async () => {
    const throwing: Part[] = [page("<script>throw new Error('x')</script>"), ["failOnConsoleExceptions", "true"]];
    expect((await service.post("html", throwing)).code).toBe("PDF_PAGE_FAILED");
    const gone: Part[] = [["url", `https://site.test:${site.port}/`]];
    expect((await service.post("url", gone)).code).toBe("PDF_PAGE_UNREACHABLE");
  });

  it.each([
    ["/empty", "204"],
    ["/pdf", "application/pdf"],
    ["/save", "a file to save"],
  ])("says what an address answered that has no page: %s", async (path, what) => {
    const { code, body } = await service.post("url", [["url", `http://site.test:${site.port}${path}`]]);
    expect([code, body.toString()]).toEqual(["PDF_PAGE_FAILED", expect.stringContaining(what)]);
  });

  it("ends a page that fetches without end", async () => {
    const address = `http://site.test:${site.port}/endless`;
    const answer = await service.post("html", [page(`<script src="${address}"></script>`)]);
    expect([answer.status, answer.code]).toEqual([409, "PDF_FETCHED_TOO_MUCH"]);
  });

  it("waits for what the form names", async () => {
    const later = `<script>setTimeout(() => { document.body.innerHTML = "<h1 id=late>後から</h1>"; window.late = true }, 300)</script>`;
    for (const wait of [
      ["waitForExpression", "window.late === true"],
      ["waitForSelector", "#late"],
      ["waitDelay", "3s"],
    ] as const) {
      const answer = await service.post("html", [page(later), STYLE, wait]);
      expect(await reader.read(answer.body)).toMatchObject([{ text: expect.stringContaining("後から") }]);
    }
  });

  it("says how it is, as Gotenberg does", async () => {
    const { body, status } = await service.get("/health");
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toMatchObject({ status: "up", details: { chromium: { status: "up" } } });
    expect((await service.get("/prometheus/metrics")).body.toString()).toContain(
      "# TYPE pdf_request_seconds histogram",
    );
    expect((await service.get("/forms/libreoffice/convert")).code).toBe("PDF_ROUTE_UNKNOWN");
    expect((await service.get("/forms/chromium/convert/html")).code).toBe("PDF_METHOD_NOT_ALLOWED");
  });

  it("runs as a user without rights, on a root that cannot be written, below tini", async () => {
    expect(await service.sh("id -u; touch /app/x 2>&1 | grep -o Read-only; cat /proc/1/comm")).toBe(
      "1000\nRead-only\ntini",
    );
    expect(await service.sh("grep ^CapEff /proc/1/status")).toMatch(/\b0{16}$/);
  });

  it("has the kernel take the browser's processes before its own", async () => {
    await until("a renderer is there", async () => (await service.sh(SCORES)).includes("--type=renderer 500"));
    const scores = (await service.sh(SCORES)).split("\n");
    expect(scores).toContain("node 0");
    expect(scores.filter((each) => /chromium|--type/.test(each) && !each.endsWith(" 500"))).toEqual([]);
  });

  it("has replaced its browser after five prints, and kept one profile", async () => {
    expect(await service.metric("pdf_browser_starts_total")).toBeGreaterThanOrEqual(2);
    await until("one profile is left", async () => (await service.sh("ls /tmp")).split("\n").length === 1);
  });
});

describe.skipIf(!services.available)("the service under load and at its end", () => {
  const slow: Part[] = [page("<h1>遅い</h1>"), STYLE, ["waitDelay", "5s"]];

  it("lets one wait, tells the next when to come again, and finishes what it has when it is stopped", async () => {
    await using service = await startService({ PDF_CONCURRENCY: "1", PDF_QUEUE: "1" });
    const taken = [service.post("html", slow), service.post("html", slow)];
    await until("both are taken", async () => (await service.metric("pdf_queue_waiting")) === 1);
    const third = await service.post("html", slow);
    expect([third.status, third.code]).toEqual([429, "PDF_QUEUE_FULL"]);
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);

    const ended = execa("docker", ["wait", service.name]);
    await execa("docker", ["kill", "--signal", "TERM", service.name]);
    await until("it is down", async () => (await service.get("/health")).status === 503);
    const late = await service.post("html", slow);
    expect([late.status, late.code]).toEqual([503, "PDF_STOPPING"]);
    expect((await Promise.all(taken)).map(({ code }) => code)).toEqual(["OK", "OK"]);
    expect((await ended).stdout).toBe("0");
  });

  it("ends work that takes longer than its time to stop, with an answer", async () => {
    await using service = await startService({ PDF_STOP_SECONDS: "1" });
    const long = service.post("html", [page("x"), ["waitDelay", "20s"]]);
    await until("it is printed", async () => (await service.metric("pdf_printing")) === 1);
    await execa("docker", ["kill", "--signal", "TERM", service.name]);
    expect((await long).code).toBe("PDF_STOPPING");
    expect((await execa("docker", ["wait", service.name])).stdout).toBe("0");
  });

  it("frees the place of a client that went away", async () => {
    await using service = await startService({ PDF_CONCURRENCY: "1" });
    const control = new AbortController();
    const body = new FormData();
    body.append("files", new Blob(["x"]), "index.html");
    body.append("waitDelay", "25s");
    const gone = fetch(`${service.url}/forms/chromium/convert/html`, { method: "POST", body, signal: control.signal });
    await until("it is printed", async () => (await service.metric("pdf_printing")) === 1);
    control.abort();
    await expect(gone).rejects.toThrow(/abort/);
    await until("the place is free", async () => (await service.metric("pdf_printing")) === 0);
  });

  it("does not start with a variable that it does not know", async () => {
    const run = await execa("docker", ["run", "--rm", "--env", "PDF_CONCURENCY=9", IMAGES.service], { reject: false });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining("PDF_CONCURENCY")]);
  });
});
