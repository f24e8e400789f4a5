import {
  GetParameterHistoryCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";

import { parseMarker, type Marker } from "../release/marker.ts";
import { request } from "./failure.ts";

/** The marked releases: the history of one parameter, which AWS keeps for the last hundred. */
export class Markers {
  readonly #client: SSMClient;
  readonly #parameter: string;

  constructor(client: SSMClient, parameter: string) {
    this.#client = client;
    this.#parameter = parameter;
  }

  /** Oldest first. */
  async history(): Promise<readonly Marker[]> {
    const found: Marker[] = [];
    let token: string | undefined;
    do {
      const page = await this.#page(token);
      for (const { Value = "", Version } of page.Parameters ?? [])
        found.push(parseMarker(Value, `${this.#parameter}:${Version}`));
      token = page.NextToken;
    } while (token !== undefined);
    return found;
  }

  async add(marker: Marker): Promise<void> {
    await request(`ssm:PutParameter ${this.#parameter}`, () =>
      this.#client.send(
        new PutParameterCommand({
          Name: this.#parameter,
          Type: "String",
          Overwrite: true,
          Value: JSON.stringify(marker),
        }),
      ),
    );
  }

  async #page(
    token: string | undefined,
  ): Promise<{ Parameters?: { Value?: string; Version?: number }[]; NextToken?: string | undefined }> {
    return request(
      `ssm:GetParameterHistory ${this.#parameter}`,
      () =>
        this.#client
          .send(new GetParameterHistoryCommand({ Name: this.#parameter, MaxResults: 50, NextToken: token }))
          .catch((error: unknown) => {
            if (error instanceof ParameterNotFound) return { Parameters: [] };
            throw error;
          }) as Promise<{ Parameters?: { Value?: string; Version?: number }[]; NextToken?: string | undefined }>,
    );
  }
}
