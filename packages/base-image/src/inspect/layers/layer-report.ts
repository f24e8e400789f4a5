import { imageDifference, packagesOf, totalOf, type ImageDifference } from "./difference.ts";
import { addedWaste, efficiencyOf, type Efficiency } from "./efficiency.ts";
import type { SavedImage } from "./layer.ts";

/** All that is said about the layers of an image; serialises as JSON. Sizes in bytes. */
export interface LayerReport {
  readonly image: string;
  readonly tarBytes: number;
  readonly blobBytes: number;
  readonly packages: number;
  readonly efficiency: Efficiency;
  readonly layers: readonly LayerLine[];
  readonly against?: Comparison;
}

/** One layer, without its paths. */
export interface LayerLine {
  readonly digest: string;
  readonly tarBytes: number;
  readonly blobBytes: number;
  readonly packing: string;
  readonly createdBy: string;
  /** Whether the image it is compared with has this layer at the same place. */
  readonly shared: boolean;
}

/** The image it is compared with, and what there is beyond it. */
export interface Comparison extends ImageDifference {
  readonly image: string;
  /** The waste that the layers add which the other image does not have. */
  readonly addedWaste: number;
}

/** Works out the report. Pure. */
export function layerReport(image: SavedImage, against?: SavedImage): LayerReport {
  const difference = against === undefined ? undefined : imageDifference(against, image);
  const shared = difference?.sharedLayers ?? 0;
  const efficiency = efficiencyOf(image.layers);
  return {
    image: image.reference,
    tarBytes: totalOf(image.layers, "tarBytes"),
    blobBytes: totalOf(image.layers, "blobBytes"),
    packages: packagesOf(image).length,
    efficiency,
    layers: image.layers.map(({ digest, tarBytes, blobBytes, packing, createdBy }, index) => {
      return { digest, tarBytes, blobBytes, packing, createdBy, shared: index < shared };
    }),
    ...(against === undefined || difference === undefined
      ? {}
      : {
          against: {
            image: against.reference,
            addedWaste: addedWaste(image.layers, shared, efficiency),
            ...difference,
          },
        }),
  };
}

const SHOWN = 10;

/** The report for people: a line per layer, the costliest waste, and what differs. */
export function layerReportText(report: LayerReport, columns = 120): string {
  const { efficiency, against } = report;
  const lines = [
    `${report.image}: ${megabytes(report.tarBytes)} unpacked, ${megabytes(report.blobBytes)} to pull, ${report.packages} packages`,
    `efficiency ${(efficiency.score * 100).toFixed(2)} %, ${megabytes(efficiency.wastedBytes)} wasted`,
    "",
    "  unpacked      pull  made by",
    ...report.layers.map((layer) => layerText(layer, columns)),
  ];
  const wasted = efficiency.wasted.slice(0, SHOWN);
  if (wasted.length > 0) lines.push("", "  wasted    times  path");
  lines.push(...wasted.map(({ path, bytes, times }) => `${megabytes(bytes)}  ${String(times).padStart(5)}  /${path}`));
  return `${[...lines, ...(against === undefined ? [] : comparisonLines(against))].join("\n")}\n`;
}

function layerText({ tarBytes, blobBytes, createdBy, shared }: LayerLine, columns: number): string {
  const sizes = `${megabytes(tarBytes)} ${megabytes(blobBytes)}  `;
  const text = `${shared ? "= " : "  "}${instructionOf(createdBy)}`;
  return sizes + text.slice(0, Math.max(20, columns - sizes.length));
}

/** What one image has beyond another, for people. */
export function differenceText(difference: ImageDifference): string {
  return `${differenceLines(difference).join("\n")}\n`;
}

function comparisonLines(against: Comparison): readonly string[] {
  const waste = `${megabytes(against.addedWaste).trim()} more wasted`;
  const lines = differenceLines(against);
  return ["", `Against ${against.image} (layers marked = are the same): ${waste}`, ...lines];
}

function differenceLines({ tarBytes, blobBytes, paths, packages }: ImageDifference): readonly string[] {
  const changedPackages = packages.map(({ name, before, after, bytes }) => {
    return `${signed(bytes)}  ${name} ${before ?? "(not there)"} → ${after ?? "(gone)"}`;
  });
  return [
    `${signed(tarBytes)} unpacked`,
    `${signed(blobBytes)} to pull`,
    ...(packages.length === 0 ? [] : ["", "  package", ...changedPackages]),
    ...(paths.length === 0 ? [] : ["", "  path"]),
    ...paths.slice(0, SHOWN).map(({ path, bytes }) => `${signed(bytes)}  /${path}`),
    ...(paths.length > SHOWN ? [`  and ${paths.length - SHOWN} more paths`] : []),
  ];
}

/** The instruction as it was written, without what the builder puts around it. */
export function instructionOf(createdBy: string): string {
  return createdBy
    .replace(/ # buildkit$/, "")
    .replace(/^(RUN )?\/bin\/sh -c #\(nop\)\s*/, "")
    .replace(/^RUN \/bin\/sh -c /, "RUN ")
    .replaceAll(/\s+/g, " ");
}

/** Megabytes of 10^6 bytes, as registries count. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e5 ? 3 : 1)} MB`.padStart(10);
}

function signed(bytes: number): string {
  return `${bytes < 0 ? "−" : "+"}${megabytes(Math.abs(bytes)).trim()}`.padStart(10);
}
