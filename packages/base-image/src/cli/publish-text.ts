import type { BuildEvent, PublishEvent } from "../events.ts";

type Lines = { readonly [Type in PublishEvent["type"]]: (event: PublishEvent & { readonly type: Type }) => string };

const LINES: Lines = {
  "image-found": ({ variant, image }) => `${variant} is published: ${image}\n`,
  "image-pushed": ({ image, platforms }) => `pushed ${image} (${platforms.join(", ")}); no tag names it yet\n`,
  "image-verifying": ({ variant, platform }) => `verifying ${variant} for ${platform}\n`,
  "tag-settled": ({ change, tag, digest, previous }) =>
    `${change.padEnd(5)} ${tag} ${digest}${previous === undefined ? "" : ` (was ${previous})`}\n`,
};

/** Whether an event is one of a publication itself. */
export function isPublishEvent(event: BuildEvent | PublishEvent): event is PublishEvent {
  return Object.hasOwn(LINES, event.type);
}

/** An event of a publication, for people. */
export function publishLine(event: PublishEvent): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the line of a type takes events of that type
  return (LINES[event.type] as (event: PublishEvent) => string)(event);
}
