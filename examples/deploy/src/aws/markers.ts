import {
  GetParameterHistoryCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";

import { DeployError } from "../errors.ts";
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

  /**
   * The marked releases, oldest first. A version that is no marker is left out once a later one is.
   *
   * @throws DeployError DEPLOY_MARKER_INVALID where the newest version is none
   */
  async history(): Promise<readonly Marker[]> {
    const versions = await this.#versions();
    const last = versions.at(-1);
    if (last !== undefined && last.marker === undefined)
      throw new DeployError("DEPLOY_MARKER_INVALID", `${this.#parameter}:${last.version} is not a release marker.`);
    return versions.flatMap(({ marker }) => marker ?? []);
  }

  /** What the newest version says; undefined without any, and where it is no marker. */
  async newest(): Promise<Marker | undefined> {
    return (await this.#versions()).at(-1)?.marker;
  }

  /** Oldest first. */
  async #versions(): Promise<readonly { readonly version: number; readonly marker: Marker | undefined }[]> {
    const found: { readonly version: number; readonly marker: Marker | undefined }[] = [];
    let token: string | undefined;
    do {
      const page = await this.#page(token);
      for (const { Value = "", Version = 0 } of page.Parameters ?? [])
        found.push({ version: Version, marker: parseMarker(Value) });
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
