/** What happens during a build. A step is an instruction, or something BuildKit does beside them. */
export type BuildEvent =
  | { readonly type: "step-started"; readonly step: string; readonly name: string }
  | { readonly type: "step-output"; readonly step: string; readonly text: string }
  | { readonly type: "step-finished"; readonly step: string; readonly name: string; readonly cached: boolean }
  | { readonly type: "step-failed"; readonly step: string; readonly name: string; readonly error: string }
  | { readonly type: "warning"; readonly text: string }
  | { readonly type: "image-built"; readonly image: string; readonly tags: readonly string[] };

/** What a verification finds, one for each assertion. */
export interface AssertionEvent {
  readonly type: "assertion";
  readonly name: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
}

/** What a check says about a place in a Dockerfile; lines and columns count from 1, 0 is the whole of it. */
export interface FindingEvent {
  readonly type: "finding";
  readonly code: string;
  readonly kind: "grammar" | "graph" | "lint";
  readonly severity: "error" | "warning" | "info";
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
  /** Where the rule is documented. */
  readonly link?: string;
  /** What BuildKit and hadolint call it. */
  readonly also?: readonly string[];
}

/** What happens while images are published, beside their builds and verifications. */
export type PublishEvent =
  /** The registry has an image of these very inputs: nothing is built. */
  | { readonly type: "image-found"; readonly variant: string; readonly image: string; readonly digest: string }
  /** It is in the registry under its digest; no tag names it yet. */
  | {
      readonly type: "image-pushed";
      readonly variant: string;
      readonly image: string;
      readonly digest: string;
      readonly platforms: readonly string[];
    }
  /** What follows are its assertions. */
  | { readonly type: "image-verifying"; readonly variant: string; readonly platform: string; readonly image: string }
  | {
      readonly type: "tag-settled";
      readonly tag: string;
      readonly digest: string;
      readonly change: "added" | "kept" | "moved";
      /** What it named before it was moved. */
      readonly previous?: string;
    };

/** Everything base-image reports while it works. */
export type BaseImageEvent = BuildEvent | AssertionEvent | FindingEvent | PublishEvent;

/** Receives events as they happen. */
export type EventSink<Event extends BaseImageEvent = BaseImageEvent> = (event: Event) => void;
