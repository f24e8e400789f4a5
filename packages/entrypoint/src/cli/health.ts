import { BOOTING_HEADER } from "../boot/health-header.ts";
import { EntrypointError, messageOf, printable } from "../errors.ts";
import { printOut } from "../process/output.ts";
import type { ParsedFlags } from "./flags.ts";
import { openPlan } from "./run.ts";

/** How long a whole answer may take; less than the five seconds that ECS gives a check. */
const ANSWER_MS = 4_000;

/** Where Rails answers since 7.1. */
const PATH = "/up";

/** `entrypoint health`: asks the app, or the start that stands in for it; resolves to 0 when it is well, otherwise to 1. */
export async function health(flags: ParsedFlags): Promise<number> {
  const { well, text } = await ask(addressOf(flags), flags.values["--booting"] === true);
  // The code is the app's health: an app that is well is not stopped for a line that cannot be written.
  printOut(`${printable(text)}\n`);
  return well ? 0 : 1;
}

function addressOf(flags: ParsedFlags): string {
  const url = flags.values["--url"];
  if (typeof url === "string" && /^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) return url;
  if (url !== undefined) {
    throw new EntrypointError("ENTRYPOINT_FLAG_UNKNOWN", {
      message: "health: --url needs an address, http://127.0.0.1:3000/up",
    });
  }
  const port = (openPlan(flags).definition as { readonly healthPort?: unknown }).healthPort;
  if (typeof port === "number") return `http://127.0.0.1:${String(port)}${PATH}`;
  throw new EntrypointError("ENTRYPOINT_FLAG_UNKNOWN", {
    message: "health: nobody to ask: there is no --url, and the definition has no healthPort",
  });
}

interface Verdict {
  readonly well: boolean;
  readonly text: string;
}

async function ask(url: string, bootingIsWell: boolean): Promise<Verdict> {
  const { request } = new URL(url).protocol === "https:" ? await import("node:https") : await import("node:http");
  return new Promise((resolve) => {
    const bad = (error: unknown): void => resolve({ well: false, text: `no answer: ${messageOf(error)}` });
    const asked = request(url, { agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body = `${body}${text}`.slice(0, 500)));
      response.once("error", bad);
      response.once("end", () => {
        const { statusCode = 0, headers } = response;
        if (headers[BOOTING_HEADER] !== undefined) resolve({ well: bootingIsWell, text: body.trim() });
        else resolve({ well: statusCode >= 200 && statusCode < 400, text: `answered ${String(statusCode)}` });
      });
    });
    setTimeout(() => asked.destroy(new Error(`none in ${String(ANSWER_MS / 1000)} s`)), ANSWER_MS).unref();
    asked.once("error", bad);
    asked.end();
  });
}
