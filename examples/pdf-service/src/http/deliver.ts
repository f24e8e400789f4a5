import type { ServerResponse } from "node:http";
import { finished } from "node:stream/promises";

import { within } from "../within.ts";

/**
 * Sends a PDF; resolves when its last byte is handed to the system. A response counts as idle for Node's server as soon as it
 * is ended, and would be cut off with what it has not sent when the server closes: whoever closes it waits for this.
 *
 * Throws the signal's reason when a client does not take it in time. The connection is cut then: by `Content-Length` the client
 * knows that bytes are missing.
 */
export async function deliver(
  response: ServerResponse,
  { pdf, disposition }: { readonly pdf: Buffer; readonly disposition: string },
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    "Content-Type": "application/pdf",
    "Content-Disposition": disposition,
    "Content-Length": pdf.length,
  });
  try {
    await within(signal, finished(response.end(pdf)));
  } catch (error) {
    response.destroy();
    throw error;
  }
}
