/** One path as a layer has it. `size` is in bytes as in the layer's tar: 0 for all but files. */
export interface LayerEntry {
  /** Without a leading slash. A removal stands under the path of what it removes. */
  readonly path: string;
  readonly kind: "file" | "directory" | "link" | "removal" | "emptied" | "other";
  readonly size: number;
}

/** A layer with what it does to the file tree. */
export interface Layer {
  /** The digest of its blob: `sha256:…`. */
  readonly digest: string;
  /** Bytes of the blob as it is kept and pulled. */
  readonly blobBytes: number;
  /** How the blob is packed. */
  readonly packing: "none" | "gzip" | "zstd";
  /** Bytes of its tar: what `docker history` and registries' users call its unpacked size. */
  readonly tarBytes: number;
  /** The instruction that made it, as the image's history has it. */
  readonly createdBy: string;
  readonly entries: readonly LayerEntry[];
  /** The text of /var/lib/dpkg/status, where the layer writes it. */
  readonly packageStatus?: string;
}

/** An image as it is kept: its layers from the bottom to the top. */
export interface SavedImage {
  readonly reference: string;
  readonly layers: readonly Layer[];
}
