import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type Dockerode from "dockerode";

import { buildLayout } from "../engine/build.ts";
import type { LayoutOptions } from "../engine/docker-command.ts";
import type { AssertionEvent, BuildEvent, EventSink, PublishEvent } from "../events.ts";
import { componentsOf, type Component } from "../inspect/components.ts";
import { probeImage, type ImageProbe } from "../inspect/image-probe.ts";
import { pullImage } from "../registry/pull.ts";
import type { StoredManifest } from "../registry/registry.ts";
import { annotationsFor } from "./annotations.ts";
import { indexOf, withStatement } from "./attach.ts";
import { publishLabels } from "./labels.ts";
import type { Repository } from "./move-tags.ts";
import {
  isAttestation,
  parseManifest,
  platformName,
  readOciLayout,
  type OciDescriptor,
  type OciLayout,
} from "./oci-layout.ts";
import { pushByDigest } from "./push.ts";
import { componentStatement } from "./spdx.ts";
import type { FoundVersions, PublishChoices, PublishTarget } from "./target.ts";

/** Where a publication goes, and who hears of it. */
export interface PublishContext {
  readonly repository: Repository;
  readonly signal: AbortSignal | undefined;
  readonly emit: EventSink<AssertionEvent | BuildEvent | PublishEvent>;
}

/** The same with the engine that runs what has been built. */
export interface CandidateContext extends PublishContext {
  readonly engine: Dockerode;
  /** What it was brought only to be asked. */
  readonly fetched: Set<string>;
}

/** An image that is in the registry under its digest, and that nothing has verified yet. */
export interface Candidate {
  readonly target: PublishTarget;
  readonly index: StoredManifest;
  readonly versions: FoundVersions;
  readonly images: readonly CandidateImage[];
}

/** The image of one platform, as the engine has it. */
export interface CandidateImage {
  readonly platform: string;
  readonly reference: string;
  readonly probe: ImageProbe;
}

/**
 * Builds a target and pushes it by its digest, with what is known of it: no tag names it. The engine gets the image of each
 * platform from the registry, so that what is asked, measured and verified is what others will pull.
 */
export async function makeCandidate(
  target: PublishTarget,
  choices: PublishChoices,
  context: CandidateContext,
): Promise<Candidate> {
  const folder = await mkdtemp(join(tmpdir(), "base-image-"));
  try {
    await buildInto(folder, target, choices, context);
    return await pushCandidate(await readOciLayout(folder), target, choices, context);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What {@link buildLayout} is told for a target. */
export function layoutFor(
  { definition, name, plan, source }: PublishTarget,
  choices: PublishChoices,
  folder: string,
): LayoutOptions {
  const { platforms, compression, provenance, sbom, builder, cache } = choices;
  const labels = publishLabels(definition, plan, source);
  const { epoch } = source;
  return { folder, platforms, compression, provenance, sbom, builder, cache: cache?.(name), labels, epoch };
}

async function buildInto(
  folder: string,
  target: PublishTarget,
  choices: PublishChoices,
  { signal, emit }: CandidateContext,
): Promise<void> {
  const options = { ...choices.build, tags: [], signal };
  await buildLayout(target.plan, options, layoutFor(target, choices, folder), emit);
}

async function pushCandidate(
  layout: OciLayout,
  target: PublishTarget,
  { sbom }: PublishChoices,
  context: CandidateContext,
): Promise<Candidate> {
  const { repository, emit } = context;
  const manifests = layout.manifests.filter((each) => !isAttestation(each));
  await pushByDigest(repository.registry, repository.path, layout, layout.manifests);
  const images: CandidateImage[] = [];
  const attestations: OciDescriptor[] = [];
  const components: Component[] = [];
  for (const manifest of manifests) {
    const brought = await bring(manifest, context);
    const image = { ...brought, probe: await probeImage(context.engine, brought.reference) };
    images.push(image);
    const found = await componentsOf(image.probe);
    components.push(...found);
    const attestation = layout.manifests.find(
      ({ annotations }) => annotations?.["vnd.docker.reference.digest"] === manifest.digest,
    );
    if (!sbom || found.length === 0) attestations.push(...(attestation === undefined ? [] : [attestation]));
    else attestations.push(await attach(manifest, attestation, found, { layout, target, context }));
  }
  const versions = versionsOf(components);
  const index = indexOf(manifests, attestations, annotationsFor(target, versions));
  await repository.registry.put(repository.path, index, index.digest);
  const platforms = images.map(({ platform }) => platform);
  const image = `${repository.host}/${repository.path}@${index.digest}`;
  emit({ type: "image-pushed", variant: target.plan.variant, image, digest: index.digest, platforms });
  return { target, index, versions, images };
}

/** Adds what no package database names to what BuildKit's scanner has found. */
async function attach(
  manifest: OciDescriptor,
  attestation: OciDescriptor | undefined,
  components: readonly Component[],
  {
    layout,
    target,
    context,
  }: { readonly layout: OciLayout; readonly target: PublishTarget; readonly context: CandidateContext },
): Promise<OciDescriptor> {
  const { registry, host, path } = context.repository;
  const subject = { repository: `${host}/${path}`, platform: platformName(manifest), digest: manifest.digest };
  const statement = componentStatement(subject, components, target.source.epoch);
  const existing = attestation === undefined ? undefined : parseManifest(await layout.read(attestation.digest));
  const attested = withStatement(manifest, existing, statement);
  for (const { digest, size, bytes } of attested.blobs) {
    await registry.upload(path, digest, { size, stream: () => pieces(bytes) });
  }
  await registry.put(path, attested.manifest, attested.manifest.digest);
  return attested.descriptor;
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** Brings the image of one platform from the registry into the engine. */
export async function bring(
  manifest: OciDescriptor,
  { engine, repository, fetched }: CandidateContext,
): Promise<Omit<CandidateImage, "probe">> {
  const reference = `${repository.host}/${repository.path}@${manifest.digest}`;
  const platform = platformName(manifest);
  if (await pullImage(engine, reference, platform)) fetched.add(reference);
  return { platform, reference };
}

function versionsOf(components: readonly Component[]): FoundVersions {
  const versionOf = (name: string): string | undefined => components.find((each) => each.name === name)?.version;
  return { ruby: versionOf("ruby"), node: versionOf("node") };
}
