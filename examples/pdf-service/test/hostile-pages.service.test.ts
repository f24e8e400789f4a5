import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { lookUpServices, tempTree, until } from "@slipway/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HOSTILE_PAGES, script } from "./hostile-pages.ts";
import { buildImages } from "./images.ts";
import { startPdfReader, type PdfReader } from "./pdf-reader.ts";
import { startService, type Answer, type RunningService } from "./running-service.ts";
import { SECRET, startCanary, startSite, type Site } from "./sites.ts";

const services = lookUpServices("docker");
const GATEWAY = ["--add-host", "private.test:host-gateway", "--add-host", "allowed.test:host-gateway"];

describe.skipIf(!services.available)("a page that looks around in the network", () => {
  const waiting: (() => void)[] = [];
  let canary: Site;
  let site: Site;
  let service: RunningService;
  let reader: PdfReader;
  let gateway: string;

  beforeAll(async () => {
    await buildImages();
    reader = await startPdfReader();
    canary = await startCanary();
    site = await startSite((request, response) => {
      const to = new URL(request.url ?? "", "http://site").searchParams.get("to");
      response.setHeader("Access-Control-Allow-Origin", "*");
      if (request.url === "/wait") waiting.push(() => response.end("WAITED"));
      else if (to === null) response.end("<h1>ALLOWED</h1>");
      else response.writeHead(302, { location: to }).end();
    });
    service = await startService(
      { PDF_ALLOWED_HOSTS: `allowed.test:${site.port}`, PDF_TIMEOUT_SECONDS: "60" },
      GATEWAY,
    );
    gateway = (await service.sh("getent ahostsv4 private.test")).split(" ")[0] ?? "";
  });

  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await reader?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
    await canary?.[Symbol.asyncDispose]();
  });

  it("could reach all of it without the service's guard", async () => {
    const addresses = [`http://${gateway}:${canary.port}/`, `http://private.test:${canary.port}/`];
    const code = `for (const url of ${JSON.stringify(addresses)}) fetch(url).then((r) => r.text()).then(console.log)`;
    const before = canary.touched.length;
    expect(await service.sh(`node -e '${code}'`)).toBe(`<h1>${SECRET}</h1>\n<h1>${SECRET}</h1>`);
    await service.sh(
      `node -e 'require("dgram").createSocket("udp4").send("x", ${canary.port}, "${gateway}", function () { process.exit() })'`,
    );
    await until("the datagram came", () => canary.touched.length > before + 2);
    const page = `<iframe src="http://allowed.test:${site.port}/"></iframe>`;
    expect(await textOf(await print(page))).toContain("ALLOWED");
  });

  it.each(Object.keys(HOSTILE_PAGES))("reaches nothing by %s", async (what) => {
    const before = canary.touched.length;
    for (const host of [gateway, "private.test"]) {
      const places = { canary: `${host}:${canary.port}`, site: `allowed.test:${site.port}` };
      const answer = await print(HOSTILE_PAGES[what]?.(places) ?? "");
      expect(["OK", "PDF_ADDRESS_REFUSED", "PDF_PAGE_FAILED"]).toContain(answer.code);
      const text = answer.code === "OK" ? await textOf(answer) : "";
      expect(text).not.toMatch(/SECRET|pdf_requests_total|root:|OPEN/);
    }
    expect(canary.touched.slice(before)).toEqual([]);
  });

  it("is never taken for a lost browser because it leaves", async () => {
    const places = { canary: `${gateway}:${canary.port}`, site: `allowed.test:${site.port}` };
    const codes = new Set<string>();
    for (let at = 0; at < 40; at += 1) codes.add((await print(HOSTILE_PAGES["a refresh"]?.(places) ?? "")).code);
    for (const code of ["OK", "PDF_ADDRESS_REFUSED", "PDF_PAGE_FAILED"]) codes.delete(code);
    expect([...codes]).toEqual([]);
  });

  it.each([
    "http://127.0.0.1:3000/health",
    "http://localhost:3000/health",
    "http://2130706433:3000/health",
    "http://[::1]:3000/health",
    "http://[::ffff:127.0.0.1]:3000/health",
    "http://0.0.0.0:3000/health",
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "http://169.254.170.2/v2/credentials",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "https://127.0.0.1:3000/health",
    "http://private.test:PORT/",
    "https://private.test:PORT/",
    "http://user@GATEWAY:PORT/",
    "http://document.invalid:8080/index.html",
    "http://allowed.test:SITE/go?to=http%3A%2F%2F127.0.0.1%3A3000%2Fhealth",
    "http://allowed.test:SITE/go?to=http%3A%2F%2FGATEWAY%3APORT%2F",
    "http://allowed.test:SITE/go?to=https%3A%2F%2FGATEWAY%3APORT%2F",
    "file:///etc/passwd",
    "file://localhost/proc/self/environ",
    "ftp://127.0.0.1/",
    "chrome://version",
    "view-source:http://127.0.0.1:3000/health",
    "data:text/html,<h1>x</h1>",
    "javascript:document.write(1)",
    "gopher://127.0.0.1:3000/",
  ])("is refused the address %s", async (address) => {
    const url = address
      .replaceAll("PORT", String(canary.port))
      .replaceAll("SITE", String(site.port))
      .replaceAll("GATEWAY", gateway);
    const before = canary.touched.length;
    const answer = await service.post("url", [["url", url]]);
    expect([answer.status, answer.code]).toEqual([403, "PDF_ADDRESS_REFUSED"]);
    expect(canary.touched.slice(before)).toEqual([]);
  });

  it("reaches nothing by a name that moves to loopback while the page is open", async () => {
    await using folder = await tempTree({ hosts: `${gateway} moving.test\n` });
    const mount = ["--volume", `${join(folder.path, "hosts")}:/etc/hosts:ro`];
    await using moved = await startService({ PDF_ALLOWED_HOSTS: "moving.test" }, mount);
    const page = script(`
      const ask = async (path) => (await fetch("http://moving.test:${site.port}" + path)).text().then(say, () => say("LOST"));
      await ask("/"); await ask("/wait"); await ask("/").catch(() => say("LOST"));`);
    const printing = moved.post("html", [
      ["files", page, "index.html"],
      ["waitForExpression", "window.finished"],
    ]);
    await until("the page has fetched", () => waiting.length > 0);
    await writeFile(join(folder.path, "hosts"), "127.0.0.1 moving.test\n");
    for (const answer of waiting) answer();
    expect(await textOf(await printing)).toMatch(/ALLOWED[^]*WAITED[^]*LOST/);
  });

  it("cannot see the files of another form", async () => {
    const secret = service.post("html", [
      ["files", script(`await new Promise((resolve) => setTimeout(resolve, 1500))`), "index.html"],
      ["files", SECRET, "secret.txt"],
      ["waitForExpression", "window.finished"],
    ]);
    const thief = print(script(`say(await (await fetch("http://document.invalid/secret.txt")).status)`));
    expect(await textOf(await thief)).toContain("404");
    expect((await secret).code).toBe("OK");
  });

  async function print(page: string, more: readonly (readonly [string, string])[] = []): Promise<Answer> {
    const wait = page.includes("window.finished") && more.length === 0 ? [["waitDelay", "2s"] as const] : [];
    return service.post("html", [
      ["files", `<!doctype html><meta charset=utf-8>${page}`, "index.html"],
      ...wait,
      ...more,
    ]);
  }

  async function textOf({ body, code }: Answer): Promise<string> {
    expect(code).toBe("OK");
    return (await reader.read(body)).map(({ text }) => text).join("");
  }
});
