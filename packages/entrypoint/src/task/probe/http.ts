import { reasonOf } from "../../errors.ts";
import { locate } from "../../process/slow-names.ts";
import { TRY_MS } from "./socket.ts";

/** Asks for a page; only 200 to 299 is an answer. */
export async function askHttp(url: string, signal: AbortSignal): Promise<void> {
  const { protocol, hostname, host: authority } = new URL(url);
  const { request } = protocol === "https:" ? await import("node:https") : await import("node:http");
  const { host, name } = await locate(hostname.replace(/^\[|\]$/g, ""), signal);
  const place = host === name ? {} : { host, servername: name, headers: { Host: authority } };
  await new Promise<void>((resolve, reject) => {
    const asked = request(url, { ...place, signal, timeout: TRY_MS, agent: false }, (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      if (statusCode >= 200 && statusCode < 300) resolve();
      else reject(new Error(`answered ${String(statusCode)}, expected 200 to 299`));
    });
    asked.once("timeout", () => asked.destroy(new Error(`no answer in ${String(TRY_MS / 1000)} s`)));
    asked.once("error", (error) => reject(new Error(reasonOf(error))));
    asked.end();
  });
}
