import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

import { type Browser, connect } from "puppeteer-core";

import { BASE_TAGS } from "../src/docker/chain.ts";
import { type Container, startContainer } from "../src/docker/container.ts";
import { freePorts } from "../src/free-ports.ts";

/** A browser in a container of its own, with the fonts of the PDF image; folders are host folders under their own paths. */
export interface RemoteBrowser extends AsyncDisposable {
  readonly browser: Browser;
}

const START_DEADLINE_MS = 60_000;

/** Starts the browser; host folders are mounted under their own paths. */
export async function startBrowser(folders: readonly string[]): Promise<RemoteBrowser> {
  const [port = 0] = await freePorts(1);
  await using made = new AsyncDisposableStack();
  const container = made.use(
    await startContainer({
      image: BASE_TAGS.pdf,
      name: `slipway-browser-${randomBytes(4).toString("hex")}`,
      // its own sandbox needs rights that a container does not have
      command: [
        "chromium-headless-shell",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--lang=en-US",
        `--remote-debugging-port=${port}`,
        "about:blank",
      ],
      options: folders.flatMap((folder) => ["--volume", `${folder}:${folder}`]),
    }),
  );
  const browser = await connected(container, `http://127.0.0.1:${port}`);
  made.defer(() => browser.disconnect());
  const kept = made.move();
  return { browser, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function connected(container: Container, browserURL: string): Promise<Browser> {
  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      return await connect({ browserURL, defaultViewport: { width: 1100, height: 820 } });
    } catch (error) {
      if (performance.now() > deadline) throw new Error(await container.logs(), { cause: error });
      await wait(100);
    }
  }
}
