import { execa } from "execa";

/** A layer as a registry stores it. */
export interface PushedLayer {
  readonly digest: string;
  readonly size: number;
}

const MANIFESTS = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Pushes a local image and gives the layers that the registry then holds for it. */
export async function pushAndList(
  image: string,
  registry: string,
  repository: string,
): Promise<readonly PushedLayer[]> {
  const reference = `${registry}/${repository}`;
  await execa("docker", ["tag", image, reference]);
  try {
    await execa("docker", ["push", "--quiet", reference]);
  } finally {
    await execa("docker", ["image", "rm", reference]);
  }
  const [name = "", tag = ""] = repository.split(":");
  return layersOf(`http://${registry}/v2/${name}/manifests`, tag);
}

interface Manifest {
  readonly layers?: readonly PushedLayer[];
  readonly manifests?: readonly { readonly digest: string }[];
}

async function layersOf(base: string, reference: string): Promise<readonly PushedLayer[]> {
  const response = await fetch(`${base}/${reference}`, { headers: { accept: MANIFESTS } });
  if (!response.ok) throw new Error(`${base}/${reference}: ${response.status} ${await response.text()}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the registry answers with one of the types asked for
  const manifest = (await response.json()) as Manifest;
  return manifest.layers ?? layersOf(base, manifest.manifests?.[0]?.digest ?? "");
}
