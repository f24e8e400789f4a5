import type { ObjectAttributes, Store, StoredHead, StoredHeaders } from "../store/store.ts";
import type { Adopted } from "./adopted.ts";
import { REPAIRABLE } from "./header-faults.ts";
import { eachOf, type Surveyed } from "./survey.ts";

/** What was found as it is after a repair, and how many objects have new headers. */
export interface Repaired {
  readonly objects: readonly Adopted[];
  readonly fixed: number;
}

/** Whether other headers would put an object right, and nothing that someone may rely on would go with them. */
function isRepairable({ faults, there }: Surveyed, acl: string | undefined): boolean {
  if (!Object.values(carriedOver(there)).every((text) => PLAIN_TEXT.test(text))) return false;
  // A copy has the bucket's own ACL: what is public, perhaps on purpose, would be so no longer.
  if (faults.includes("public ACL")) return acl !== undefined;
  return faults.some((fault) => REPAIRABLE.has(fault)) && !faults.includes("packed in place");
}

/** Gives objects the headers of a sync, each only while it is what was looked at. */
export async function repair(
  store: Store,
  found: readonly Surveyed[],
  attributes: ObjectAttributes,
  signal: AbortSignal | undefined,
): Promise<Repaired> {
  const objects = new Map<string, Adopted>(found.map((one) => [one.key, one]));
  let fixed = 0;
  await eachOf(
    found.filter((one) => isRepairable(one, attributes.acl)),
    async ({ key, there, wanted }) => {
      const sha256 = there.sha256 ?? (await store.digest(key, signal));
      if (sha256 === undefined) return;
      const condition = { kind: "version", version: there.version } as const;
      const headers = { ...carriedOver(there), ...wanted };
      const result = await store.copy({ key, sha256, headers, attributes, condition }, signal);
      if (result.outcome !== "stored") return;
      fixed += 1;
      objects.set(key, { key, sha256, there: { ...there, headers } });
    },
  );
  return { objects: [...objects.values()], fixed };
}

const CARRIED = ["content-disposition", "content-language"] as const;

/** What servers send back as it was sent: others may have been put into another form on the way. */
const PLAIN_TEXT = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/** What an object has that says nothing wrong: new headers take away whatever is not said again. */
function carriedOver({ headers, metadata = {} }: StoredHead): StoredHeaders {
  const said = CARRIED.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]));
  return { ...metadata, ...Object.fromEntries(said) };
}
