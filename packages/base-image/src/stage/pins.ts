import type { Comment, DockerfileFile } from "../dockerfile/file.ts";
import type { Instruction } from "../dockerfile/instruction.ts";
import type { Mount } from "../dockerfile/mount.ts";
import type { Text } from "../dockerfile/text.ts";

/** The digest that each image stands for, by the name the definition has for it. */
export type Pins = ReadonlyMap<string, string>;

/** A file whose images stand with their digests, as far as there are pins for them. */
export function pinned(file: DockerfileFile, pins: Pins): DockerfileFile {
  if (pins.size === 0) return file;
  const names = stageNames(file);
  const pin = (name: string): string => withDigest(name, names.has(name) ? undefined : pins.get(name));
  return {
    ...file,
    stages: file.stages.map(({ about, from, entries }) => ({
      about,
      from: { ...from, image: typeof from.image === "string" ? pin(from.image) : from.image },
      entries: entries.map((entry) => pinnedEntry(entry, pin)),
    })),
  };
}

/** The images a file is made from that can be pinned: without variables, and without a digest of their own. */
export function pinnableImages(file: DockerfileFile): readonly string[] {
  const names = stageNames(file);
  const images = file.stages.flatMap(({ from, entries }) => [from.image, ...entries.flatMap(imagesOf)]);
  const literal = images.filter((image): image is string => typeof image === "string");
  return [...new Set(literal)].filter((image) => !names.has(image) && image !== "scratch" && !image.includes("@"));
}

/** After `from=` a name without a tag and a registry may be that of a build context: it is left alone. */
const NAMES_AN_IMAGE = /[:/]/;

function stageNames({ stages }: DockerfileFile): ReadonlySet<string> {
  return new Set(stages.flatMap(({ from }) => (from.name === undefined ? [] : [from.name])));
}

function withDigest(name: string, digest: string | undefined): string {
  return digest === undefined ? name : `${name}@${digest}`;
}

function imagesOf(entry: Instruction | Comment): readonly (Text | undefined)[] {
  if (entry.instruction === "COPY") return [entry.from].filter(isImage);
  return entry.instruction === "RUN" ? (entry.mounts ?? []).map(sourceOf).filter(isImage) : [];
}

function isImage(name: string | undefined): name is string {
  return name !== undefined && NAMES_AN_IMAGE.test(name);
}

function sourceOf(mount: Mount): string | undefined {
  return mount.type === "bind" || mount.type === "cache" ? mount.from : undefined;
}

function pinnedEntry(entry: Instruction | Comment, pin: (name: string) => string): Instruction | Comment {
  if (entry.instruction === "COPY") return isImage(entry.from) ? { ...entry, from: pin(entry.from) } : entry;
  if (entry.instruction !== "RUN" || entry.mounts === undefined) return entry;
  return { ...entry, mounts: entry.mounts.map((mount) => pinnedMount(mount, pin)) };
}

function pinnedMount(mount: Mount, pin: (name: string) => string): Mount {
  if ((mount.type !== "bind" && mount.type !== "cache") || !isImage(mount.from)) return mount;
  return { ...mount, from: pin(mount.from) };
}
