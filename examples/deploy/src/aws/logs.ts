import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";

import { request } from "./failure.ts";

/** A log stream that is read as it grows. */
export class LogStream {
  readonly #client: CloudWatchLogsClient;
  readonly #group: string;
  readonly #stream: string;
  #token: string | undefined;

  constructor(client: CloudWatchLogsClient, group: string, stream: string) {
    this.#client = client;
    this.#group = group;
    this.#stream = stream;
  }

  /** The lines that have come since the last call. A stream that does not exist yet has none. */
  async next(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (;;) {
      const page = await this.#page();
      lines.push(...page.lines);
      if (page.token === undefined || page.token === this.#token) return lines;
      this.#token = page.token;
    }
  }

  async #page(): Promise<{ readonly lines: readonly string[]; readonly token?: string | undefined }> {
    const { events = [], nextForwardToken } = await request("logs:GetLogEvents", () =>
      this.#client
        .send(
          new GetLogEventsCommand({
            logGroupName: this.#group,
            logStreamName: this.#stream,
            startFromHead: true,
            nextToken: this.#token,
          }),
        )
        .catch((error: unknown) => {
          if (error instanceof ResourceNotFoundException) return { events: [], nextForwardToken: undefined };
          throw error;
        }),
    );
    return { lines: events.map(({ message = "" }) => message), token: nextForwardToken };
  }
}
