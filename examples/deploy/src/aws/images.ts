import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  ImageAlreadyExistsException,
  ImageNotFoundException,
  PutImageCommand,
} from "@aws-sdk/client-ecr";

import { DeployError } from "../errors.ts";
import { request } from "./failure.ts";

/** An image's place: `REGISTRY/REPOSITORY:TAG` or `REGISTRY/REPOSITORY@sha256:…`. */
export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

export function parseImage(text: string): ImageReference {
  const [, registry = "", repository = "", tag, digest] =
    /^([^/]+)\/([^:@]+)(?::([\w.-]+)|@(sha256:[0-9a-f]{64}))$/.exec(text) ?? [];
  if (repository === "")
    throw new DeployError("DEPLOY_USAGE", `${text} is no image: expected REGISTRY/REPOSITORY:TAG.`);
  return { registry, repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** The images in ECR. */
export class Images {
  readonly #client: ECRClient;

  constructor(client: ECRClient) {
    this.#client = client;
  }

  /**
   * The same image by its digest, which no later push moves.
   *
   * @throws DeployError DEPLOY_IMAGE_MISSING
   */
  async byDigest(text: string): Promise<string> {
    const { registry, repository, tag, digest } = parseImage(text);
    const { imageDetails = [] } = await request(`ecr:DescribeImages ${repository}`, () =>
      this.#client
        .send(
          new DescribeImagesCommand({
            repositoryName: repository,
            imageIds: [digest === undefined ? { imageTag: tag } : { imageDigest: digest }],
          }),
        )
        .catch((error: unknown) => {
          if (error instanceof ImageNotFoundException) return { imageDetails: [] };
          throw error;
        }),
    );
    const found = imageDetails[0]?.imageDigest;
    if (found === undefined) throw new DeployError("DEPLOY_IMAGE_MISSING", `${text} is not there.`);
    return `${registry}/${repository}@${found}`;
  }

  /** Gives an image one more tag; one that it has already is no failure. */
  async tag(text: string, tag: string): Promise<void> {
    const { repository, digest } = parseImage(text);
    const { images = [] } = await request(`ecr:BatchGetImage ${repository}`, () =>
      this.#client.send(new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageDigest: digest }] })),
    );
    const [image] = images;
    if (image?.imageManifest === undefined) throw new DeployError("DEPLOY_IMAGE_MISSING", `${text} is not there.`);
    const { imageManifest, imageManifestMediaType } = image;
    await request(`ecr:PutImage ${repository}:${tag}`, () =>
      this.#client
        .send(new PutImageCommand({ repositoryName: repository, imageManifest, imageManifestMediaType, imageTag: tag }))
        .catch((error: unknown) => {
          if (!(error instanceof ImageAlreadyExistsException)) throw error;
        }),
    );
  }
}
