import type { Environment } from "../config/environment.ts";
import { sha256 } from "../scan/digest.ts";
import { credentialSource, type CredentialSource } from "./s3-credentials.ts";
import { s3Signer } from "./s3-signature.ts";
import { StoreClock } from "./store-clock.ts";

/** An answer, whatever its status. */
export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A service of AWS that is not S3. */
export interface AwsService {
  readonly credentials: CredentialSource;
  readonly clock: StoreClock;
  /** Sends a signed request once; throws what the connection failed with. */
  post(request: AwsRequest, signal: AbortSignal | undefined): Promise<AwsAnswer>;
}

/** What is posted; header names in lower case. */
export interface AwsRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Which service, and how long it may take, in milliseconds. */
export interface AwsServicePlace {
  /** As signatures name it. */
  readonly service: string;
  readonly region: string;
  readonly endpoint: string;
  readonly limit: number;
}

/** Asks a service with the credentials of the AWS chain. */
export function awsService(place: AwsServicePlace, environment: Environment): AwsService {
  const endpoint = new URL(place.endpoint);
  const credentials = credentialSource(environment, place.region);
  const clock = new StoreClock();
  const sign = s3Signer(place.region, place.service);
  return {
    credentials,
    clock,
    post: async ({ path, headers: given, body }, signal) => {
      const headers = { ...given, host: endpoint.host, "x-amz-content-sha256": sha256(Buffer.from(body)) };
      const request = { method: "POST", path, query: "", headers };
      const { host: _, ...signed } = sign(request, await credentials.current(), clock.now());
      const limit = AbortSignal.timeout(place.limit);
      const stop = signal === undefined ? limit : AbortSignal.any([signal, limit]);
      try {
        const answer = await fetch(new URL(path, endpoint), { method: "POST", headers: signed, body, signal: stop });
        clock.note(answer.headers.get("date") ?? undefined);
        return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
      } catch (error) {
        throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
      }
    },
  };
}
