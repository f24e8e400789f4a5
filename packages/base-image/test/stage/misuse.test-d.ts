import { arg, bind, cache, defineImage, from, rubyNode, secret, stage } from "../../src/index.ts";

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

/** The same for the flags of each instruction, and for text that expands. */
export function misuseOfFlags(): void {
  const gems = stage("gems", from("ruby:3.3"));
  // @ts-expect-error text with a variable in it is made with expand`…`, whose values are variables, not names
  gems.env({ PATH: ["/x:", "PATH"] });
  // @ts-expect-error a build argument is a value, not a name
  gems.run("make", { args: ["RELEASE"] });
  // @ts-expect-error nor is it declared by its name
  gems.arg("RELEASE");
  // @ts-expect-error a default is text
  arg("PORT", 3000);
  // @ts-expect-error parents is a flag of COPY
  gems.add("a", "b", { parents: true });
  // @ts-expect-error a checksum is one of ADD
  gems.copy("a", "b", { checksum: "sha256:0" });
  // @ts-expect-error and so is unpack
  gems.copy("a", "b", { unpack: true });
  // @ts-expect-error there is no such network
  gems.run("make", { network: "bridge" });
  // @ts-expect-error nor such a kind of security
  gems.run("make", { security: "privileged" });
  // @ts-expect-error a cache is shared, private or locked
  cache("/c", { sharing: "exclusive" });
  // @ts-expect-error a secret has no sharing
  secret("aws", { sharing: "locked" });
  // @ts-expect-error retries are a number
  gems.healthcheck("true", { retries: "3" });
  // @ts-expect-error SHELL is a list of words
  gems.shell("/bin/bash -c");
  // @ts-expect-error a frontend is a name or a version, not a number
  defineImage({ name: "x", stages: [gems], frontend: 1.7 });
}
