import { stagesOf } from "./dockerfile.ts";
import { referenceText } from "./base.ts";
import type { ImageDefinition } from "./image.ts";
import type { Stage } from "./stage.ts";

/** The stages of an image and what they take from each other. */
export interface StageGraph {
  readonly stages: readonly GraphStage[];
  readonly edges: readonly GraphEdge[];
}

/** A stage as a node of the graph. */
export interface GraphStage {
  readonly name: string;
  /** The image at the bottom, where the stage does not stand on another one. */
  readonly image?: string;
  /** The variants that end in it. */
  readonly variants: readonly string[];
}

/** `to` stands on `from`, copies from it, or sees its files while a command runs. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "base" | "copy" | "mount";
}

/** The graph of a variant, or of all variants. */
export function stageGraph(definition: ImageDefinition, variant?: string): StageGraph {
  const stages = stagesOf(definition, variant);
  return {
    stages: stages.map((stage) => ({
      name: stage.name,
      ...(stage.base.kind === "image" ? { image: referenceText(stage.base) } : {}),
      variants: Object.entries(definition.variants)
        .filter(([, end]) => end === stage)
        .map(([name]) => name),
    })),
    edges: stages.flatMap(edgesTo),
  };
}

/** The graph in the language of Mermaid: thick arrows for bases, thin ones for files. @see https://mermaid.js.org */
export function mermaid({ stages, edges }: StageGraph): string {
  const ids = new Map(stages.map(({ name }, index) => [name, `s${index}`]));
  const nodes = stages.map(({ name, image, variants }) => {
    const below = image === undefined ? "" : `<br>${image}`;
    const text = `"${escaped(`${name}${below}`)}"`;
    return `  ${ids.get(name) ?? ""}${variants.length > 0 ? `([${text}])` : `[${text}]`}`;
  });
  const arrows = edges.map(({ from, to, kind }) => {
    const arrow = kind === "base" ? "==>" : `-->|${kind}|`;
    return `  ${ids.get(from) ?? ""} ${arrow} ${ids.get(to) ?? ""}`;
  });
  return `${["flowchart LR", ...nodes, ...arrows].join("\n")}\n`;
}

function edgesTo(stage: Stage): readonly GraphEdge[] {
  const to = stage.name;
  const base: GraphEdge[] = stage.base.kind === "stage" ? [{ from: stage.base.name, to, kind: "base" }] : [];
  const files = stage.steps.flatMap(({ instruction, uses }) =>
    uses.map(({ name }): GraphEdge => ({ from: name, to, kind: instruction.instruction === "RUN" ? "mount" : "copy" })),
  );
  const known = new Set<string>();
  return [...base, ...files].filter(({ from, kind }) => {
    const key = `${kind} ${from}`;
    return !known.has(key) && known.add(key);
  });
}

function escaped(text: string): string {
  return text.replaceAll('"', "#quot;");
}
