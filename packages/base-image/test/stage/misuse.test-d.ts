import { bind, defineImage, from, rubyNode, secret, stage } from "../../src/index.ts";

/** What must not compile; `tsc` fails where one of these lines does. The function is never called. */
export function misuse(): void {
  const gems = stage("gems", from("ruby:3.3"));
  // @ts-expect-error a stage is referred to as a value, not by its name
  gems.copy("a", "b", { from: "gems" });
  // @ts-expect-error a template with a variable in it is not text
  gems.workdir({ dir: "/app" });
  // @ts-expect-error there is no such mount
  gems.run("make", { mounts: [{ type: "volume", target: "/x" }] });
  // @ts-expect-error nor such a key in a mount
  secret("aws", { targt: "/x" });
  // @ts-expect-error a bind mount is of a stage value too
  bind("/x", { from: "gems" });
  // @ts-expect-error stages do not change
  gems.name = "other";
  // @ts-expect-error a definition names its image
  defineImage({ stages: [gems] });
  // @ts-expect-error an unknown key
  defineImage({ name: "x", stages: [gems], contxt: "." });
  // @ts-expect-error an unknown suite
  rubyNode({ ruby: "3.3", node: "24", suite: "jessie" });
  // @ts-expect-error a version is text: 3.10 would be 3.1
  rubyNode({ ruby: 3.3, node: "24", suite: "trixie" });
  // @ts-expect-error there is no such variant
  defineImage({ name: "x", stages: [rubyNode({ ruby: "3.3", node: "24", suite: "trixie" }).variants.pdf] });
}
