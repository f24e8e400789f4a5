import { INPUT_LABEL } from "../engine/docker-command.ts";
import type { StoredManifest } from "../registry/registry.ts";
import type { Budget } from "../stage/budget.ts";
import { parseIndex } from "./oci-layout.ts";
import type { FoundVersions, PublishTarget } from "./target.ts";

/** Names of the index' annotations that say what the next publication has to know without a build. */
const RUBY = "slipway.ruby";
const NODE = "slipway.node";
const BUDGET = "slipway.budget";

/** What an index says of its images; no tag names it before all of this has been verified. */
export function annotationsFor(
  { definition, plan, source }: PublishTarget,
  { ruby, node }: FoundVersions,
): Readonly<Record<string, string>> {
  const budget = definition.budget?.[plan.variant];
  return {
    [INPUT_LABEL]: plan.inputHash,
    ...(ruby === undefined ? {} : { [RUBY]: ruby }),
    ...(node === undefined ? {} : { [NODE]: node }),
    ...(budget === undefined ? {} : { [BUDGET]: JSON.stringify(budget) }),
    ...(source.revision === undefined ? {} : { "org.opencontainers.image.revision": source.revision }),
    ...(source.source === undefined ? {} : { "org.opencontainers.image.source": source.source }),
  };
}

/** What the index of a published image says of its programs. */
export function publishedVersions(annotations: Readonly<Record<string, string>> = {}): FoundVersions {
  return { ruby: annotations[RUBY], node: annotations[NODE] };
}

/** Whether a published index is of a target's inputs, by its own word. */
export function isOfInputs({ bytes }: StoredManifest, { plan }: PublishTarget): boolean {
  return parseIndex(bytes).annotations?.[INPUT_LABEL] === plan.inputHash;
}

/** Whether a published index was held against a budget that allows no more than the target's; one without a budget needs none. */
export function keepsBudget({ bytes }: StoredManifest, { definition, plan }: PublishTarget): boolean {
  const budget = definition.budget?.[plan.variant] ?? {};
  const kept = JSON.parse(parseIndex(bytes).annotations?.[BUDGET] ?? "{}") as Budget;
  return (["maxSize", "maxWaste"] as const).every(
    (limit) => budget[limit] === undefined || (kept[limit] ?? Infinity) <= budget[limit],
  );
}
