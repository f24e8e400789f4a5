import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { lookUpServices } from "@slipway/testkit";
import { execa } from "execa";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Stack, startStack } from "../src/docker/stack.ts";
import { presentServers } from "./present-servers.ts";
import { type RemoteBrowser, startBrowser } from "./remote-browser.ts";

const services = lookUpServices("docker", "s3", "postgres", "poppler");
const SEEDS = join(import.meta.dirname, "..", "..", "rails-app", "db", "seeds");
const PDF_DEADLINE_MS = 60_000;

/** Where screenshots of the pages go, for the README; nowhere when it is not set. */
const SCREENSHOTS = process.env["SCREENSHOTS"];

const SECTION = { title: "語学", body: "英語 (TOEIC 900点)\n韓国語 (日常会話)" };

describe.skipIf(!services.available)(`the whole application, in a browser ${services.reason}`, () => {
  let stack: Stack;
  let remote: RemoteBrowser;
  let page: Page;
  let downloads: string;

  beforeAll(async () => {
    stack = await startStack(presentServers());
    downloads = await mkdtemp(join(tmpdir(), "slipway-downloads-"));
    // the browser's user is another one
    await chmod(downloads, 0o777);
    remote = await startBrowser([SEEDS, downloads]);
    page = await remote.browser.newPage();
    const session = await remote.browser.target().createCDPSession();
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
  });

  afterAll(async () => {
    await remote?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
    await rm(downloads, { recursive: true, force: true });
  });

  it("lists the seeded résumés, with photos that are there", async () => {
    await page.goto(stack.url);
    await photosAreShown();
    expect(await page.$$eval(".card h2", (headings) => headings.length)).toBe(3);
    expect(await page.$$eval("img.photo", (photos) => photos.length)).toBe(2);
    await screenshot("list");
  });

  it("lets nobody edit without the password", async () => {
    const answer = await page.goto(`${stack.url}/admin`);
    expect(answer?.status()).toBe(401);
  });

  it("edits a résumé: Japanese text, a section that the page's script adds, a photo that it previews", async () => {
    await page.authenticate({ username: stack.admin.name, password: stack.admin.password });
    await page.goto(`${stack.url}/admin`);
    await screenshot("admin");
    await page.locator("::-p-xpath(//tr[contains(., \"O'Brien\")]//a[. = 'Edit'])").click();

    await page.locator("::-p-aria(Job title 職種)").fill("プロダクトデザイナー");
    await page.locator("::-p-text(Add a section)").click();
    await page.locator("fieldset:last-of-type input:not([type=hidden])").fill(SECTION.title);
    await page.locator("fieldset:last-of-type textarea").fill(SECTION.body);
    const input = await page.waitForSelector("input[type=file]");
    await input?.uploadFile(join(SEEDS, "hanako.png"));
    await page.waitForFunction(() => {
      const preview = document.querySelector<HTMLImageElement>("img.photo");
      return preview?.src.startsWith("blob:") === true && preview.naturalWidth > 0;
    });
    await screenshot("form");
    await page.locator("::-p-aria(Save)").click();

    await page.waitForSelector("[role=status]");
    const text = await page.$eval("article", (article) => article.innerText);
    expect(text).toContain("プロダクトデザイナー");
    expect(text).toContain(SECTION.title);
    expect(text).toContain("韓国語 (日常会話)");
    await photosAreShown();
    await screenshot("resume");
  });

  it("downloads the PDF, with the text and the Japanese font in it", async () => {
    await page.locator("::-p-aria(PDF)").click();
    const file = await downloaded(downloads);
    expect(await read("pdftotext", file, "-")).toContain("プロダクトデザイナー");
    expect(await read("pdftotext", file, "-")).toContain("韓国語 (日常会話)");
    const fonts = await read("pdffonts", file);
    // name, type, encoding, embedded
    expect(fonts).toMatch(/IPAexGothic\S* .* yes /);
    expect(await read("pdfimages", "-list", file)).toMatch(/image +\d+ +320 /);
    if (SCREENSHOTS !== undefined) {
      await read("pdftoppm", "-png", "-r", "75", "-singlefile", file, join(SCREENSHOTS, "pdf"));
    }
  });

  it("hands out what the worker has made, and explains itself, while the PDF service is away", async () => {
    const ready = `//tr[td[3][normalize-space() = 'ready']]`;
    await page.goto(`${stack.url}/admin`);
    await until(async () => {
      await page.reload();
      return (await page.$$(`::-p-xpath(${ready})`)).length === 3;
    });
    await stack.pdf.container.stop();
    await page.locator(`::-p-xpath(${ready}//a[. = 'Edit'])`).click();
    await page.locator("::-p-aria(Job title 職種)").fill("編集者");
    await page.locator("::-p-aria(Save)").click();
    await page.waitForSelector("[role=status]");
    await page.locator("::-p-aria(PDF)").click();
    await page.waitForSelector("a[href$='.pdf'].button");
    expect(await page.title()).toBe("No PDF at the moment · Proff");
    await screenshot("no-pdf");
  });

  async function photosAreShown(): Promise<void> {
    await until(() => page.$$eval("img.photo", (photos) => photos.every(({ naturalWidth }) => naturalWidth > 0)));
  }

  async function screenshot(name: string): Promise<void> {
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  }
});

/** The first file that is complete. */
async function downloaded(folder: string): Promise<string> {
  let files: readonly string[] = [];
  await until(async () => {
    files = (await readdir(folder)).filter((name) => name.endsWith(".pdf"));
    return files.length > 0;
  });
  return join(folder, files[0] ?? "");
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PDF_DEADLINE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${PDF_DEADLINE_MS} ms: ${holds.toString()}`);
    await wait(200);
  }
}

async function read(program: string, ...args: readonly string[]): Promise<string> {
  return (await execa(program, args)).stdout;
}
