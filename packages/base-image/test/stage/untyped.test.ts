import { tempTree } from "@slipway/testkit";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

import { loadDefinition } from "../../src/config/load.ts";
import { renderDockerfile } from "../../src/stage/dockerfile.ts";
import { rejection } from "../rejection.ts";

const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

/** Node strips types without checking them, so what an editor would underline must be refused while the file runs. */
it.each([
  ["a stage by its name", 'stage("a", "debian").copy("x", "y", { from: "gems" })', /from is "gems"; expected a stage/],
  [
    "a misspelt option of copy",
    'stage("a", "debian").copy("x", "y", { form: from("b") })',
    /copy\(\) of stage a has the key "form"/,
  ],
  [
    "a misspelt option of run",
    'stage("a", "debian").run("x", { mount: [] })',
    /run\(\) of stage a has the key "mount"/,
  ],
  [
    "a misspelt option of a mount",
    'stage("a", "debian").run("x", { mounts: [cache("/c", { shared: true })] })',
    /cache\(\) has the key "shared"/,
  ],
  [
    "a number for text",
    'stage("a", "debian").env({ PORT: 3000 })',
    /env\(\) of stage a: PORT is 3000; expected a string/,
  ],
  ["no base", 'stage("a", from(undefined))', /from\(\): the image is undefined; expected a string/],
])("refuses %s in a definition", async (_, text, message) => {
  const source = `import { cache, defineImage, from, stage } from ${JSON.stringify(INDEX)};\nexport default defineImage({ name: "x", stages: [${text}] });\n`;
  await using tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": source });
  const error = await rejection(async () => {
    const { definition } = await loadDefinition(`${tree.path}/image.config.ts`);
    renderDockerfile(definition);
  });
  expect(error).toMatchObject({ exitCode: 2 });
  expect(error.message).toMatch(message);
});

it("refuses a version that is a number, which 3.10 would not survive", async () => {
  const source = `import { rubyNode } from ${JSON.stringify(INDEX)};\nexport default rubyNode({ ruby: 3.3, node: "24", suite: "trixie" });\n`;
  await using tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": source });
  const error = await rejection(() => loadDefinition(`${tree.path}/image.config.ts`));
  expect(error.message).toMatch(/image\.config\.ts:2: rubyNode: ruby is 3\.3; expected/);
});

const ALL =
  "aptInstall, arg, bind, bundledWith, cache, defineImage, expand, from, modify, namedContext, rubyNode, script, secret, ssh, stage, tmpfs, variable";

/** Each is the text of a default export; the message names the call, the argument, the value and what was expected. */
const WRONG: readonly (readonly [text: string, message: RegExp])[] = [
  [
    'image(s.cmd(["sleep", 10]))',
    /cmd\(\) of stage a: the command is \[ 'sleep', 10 \]; expected .*a list where each is a string/,
  ],
  ['image(s.cmd([undefined, "a"]))', /cmd\(\) of stage a: the command is \[ undefined, 'a' \]; expected/],
  ["image(s.entrypoint(5))", /entrypoint\(\) of stage a: the command is 5; expected/],
  ["image(s.run([]))", /run\(\) of stage a: the command is \[\]; expected .*at least 1/],
  ["image(s.run(undefined))", /run\(\) of stage a: the command is undefined; expected/],
  ["image(s.run(null))", /run\(\) of stage a: the command is null; expected/],
  [
    'image(s.run("x", null))',
    /run\(\) of stage a: the options is null; expected an object with mounts, network, security, devices, args/,
  ],
  ['image(s.run("x", { args: ["RELEASE"] }))', /args is \[ 'RELEASE' \]; expected .* made with arg\(\)/],
  ['image(s.run("x", { network: "bogus" }))', /run\(\) of stage a: network is "bogus"; expected default, none, host/],
  ['image(s.run("x", { mounts: ["cache"] }))', /run\(\) of stage a: a mount is "cache"; expected a mount/],
  ['image(s.run("x", { mounts: cache("/x") }))', /mounts is \{ type: 'cache', target: '\/x' \}; expected a list/],
  ['image(s.run("x", { mounts: [{ type: "cahce" }] }))', /a mount: type is "cahce"; expected cache, secret/],
  [
    'image(s.run("x", { mounts: [{ type: "constructor" }] }))',
    /a mount: type is "constructor"; expected cache, secret/,
  ],
  ['image(s.run("x", { mounts: [{ type: "cache" }] }))', /a cache mount: target is undefined; expected a string/],
  [
    'image(s.run("x", { mounts: [{ type: "tmpfs", target: "/x", size: 5 }] }))',
    /a tmpfs mount: size is 5; expected a size/,
  ],
  ['image(s.run("x", { mounts: [bind("/x", { from: "gems" })] }))', /bind\(\): from is "gems"; expected a stage/],
  ['image(s.run("x", { mounts: [{ type: "bind", target: "/x", from: "gems" }] }))', /a bind mount: from is "gems"/],
  [
    'image(s.run("x", { mounts: [cache("/x", { sharing: "bogus" })] }))',
    /cache\(\): sharing is "bogus"; expected shared/,
  ],
  ['image(s.run("x", { mounts: [cache(5)] }))', /cache\(\): target is 5; expected a string/],
  ["secret(5)", /secret\(\): id is 5; expected a string/],
  ['from("Ruby:3")', /reference is "Ruby:3"; expected/],
  ['from("ruby:")', /reference is "ruby:"; expected/],
  ['from("ruby:a:b")', /reference is "ruby:a:b"; expected/],
  ['from("ruby@sha256:abc")', /reference is "ruby@sha256:abc"; expected/],
  ['from("a//b")', /reference is "a\/\/b"; expected/],
  ['from("debian", { platform: "" })', /from\(\): platform is ""; expected a platform/],
  ['from("debian", { platform: "linux/" })', /from\(\): platform is "linux\/"; expected a platform/],
  ['image(s.copy("a", "b", { chmod: "77777" }))', /copy\(\) of stage a: chmod is "77777"; expected a mode/],
  ['image(s.copy("a", "b", { chmod: "rw" }))', /copy\(\) of stage a: chmod is "rw"; expected a mode/],
  [
    `image(s.add("https://a.b/c", "d", { checksum: "sha512:${"a".repeat(128)}" }))`,
    /add\(\) of stage a: checksum is "sha512:a+"; expected a digest: sha256:/,
  ],
  ['image(s.healthcheck("x", { interval: "0.1ms" }))', /interval is "0\.1ms"; expected a duration/],
  ['image(s.healthcheck("x", { timeout: "99999999h" }))', /timeout is "99999999h"; expected a duration/],
  ['image(s.healthcheck("x", { retries: 2147483648 }))', /retries is 2147483648; expected a number/],
  ['secret("")', /secret\(\): id is ""; expected a string that is not empty/],
  ['secret("a,b")', /secret\(\): id is "a,b"; expected .*without blanks, commas/],
  ['ssh({ id: "a=b" })', /ssh\(\): id is "a=b"; expected/],
  [
    'image(s.run(expand`echo ${modify(arg("A"), ":-", "x")}`))',
    /the text of a RUN has the variable A with the modifier :-; expected a variable without one/,
  ],
  [
    'image(s.cmd(expand`echo ${modify(arg("A"), "#", "x")}`))',
    /the text of CMD has the variable A with the modifier #/,
  ],
  [
    'image(s.healthcheck(modify(arg("A"), "#", "x")))',
    /the text of HEALTHCHECK has the variable A with the modifier #/,
  ],
  [
    'image(s.write("/a", modify(arg("A"), "//", "x", "y")))',
    /the body of \/a has the variable A with the modifier \/\//,
  ],
  ['image(s.copy("https://example.com/a", "/b"))', /copy\(\) of stage a: a source is "https:.*; expected paths/],
  ['secret("a", { required: "no" })', /secret\(\): required is "no"; expected true or false/],
  ["ssh(null)", /ssh\(\): the options is null; expected an object/],
  ["tmpfs(5)", /tmpfs\(\): target is 5; expected a string/],
  ['image(s.arg("X"))', /arg\(\) of stage a: the argument is "X"; expected a build argument made with arg\(\)/],
  ["arg(undefined)", /a build argument's name is undefined; expected letters/],
  ['arg("X", 5)', /arg\("X"\): the default is 5; expected a string/],
  ["expand`ruby:${undefined}`", /expand`…`: a value is undefined; expected a string/],
  ['image(s.workdir(""))', /workdir\(\) of stage a: the path is ""; expected .*not empty/],
  ['image(s.user(""))', /user\(\) of stage a: the user is ""; expected .*not empty/],
  ['image(s.copy("", "/b"))', /copy\(\) of stage a: the sources is ""; expected/],
  ['image(s.copy("a", ""))', /copy\(\) of stage a: the target is ""; expected/],
  ['image(s.copy([], "b"))', /copy\(\) of stage a: the sources is \[\]; expected/],
  ['image(s.copy("a", "b", { from: null }))', /copy\(\) of stage a: from is null; expected a stage/],
  ['image(s.copy("a", "b", { from: { kind: "image", image: "a\\nRUN b" } }))', /copy\(\) of stage a: from is \{/],
  ['image(s.copy("a", "b", { link: "no" }))', /copy\(\) of stage a: link is "no"; expected true or false/],
  ['image(s.copy("a", "b", { chmod: 420 }))', /copy\(\) of stage a: chmod is 420; expected a mode as a string/],
  ['image(s.write("/a", 5))', /write\(\) of stage a: the body is 5; expected a string/],
  ['image(s.write(5, "a"))', /write\(\) of stage a: the path is 5; expected a string/],
  ["image(s.expose(99999))", /expose\(\) of stage a: the list of ports is \[ 99999 \]; expected .*65535/],
  ['image(s.expose("http"))', /expose\(\) of stage a: the list of ports is \[ 'http' \]; expected/],
  ['image(s.stopsignal("SIGFOO"))', /stopsignal\(\) of stage a: the signal is "SIGFOO"; expected .*SIGTERM/],
  ["image(s.label(null))", /label\(\) of stage a: the pairs is null; expected an object/],
  ['image(s.env("A=1"))', /env\(\) of stage a: the pairs is "A=1"; expected an object/],
  ["image(s.comment(undefined))", /comment\(\) of stage a: the text is undefined; expected a string/],
  ["image(s.describe(5))", /describe\(\) of stage a: the text is 5; expected a string/],
  ['image(s.with("x"))', /with\(\) of stage a: its argument is "x"; expected a function/],
  ["image(s.with(() => undefined))", /with\(\) of stage a: what the function returns is undefined; expected a stage/],
  ["image(s.run(script(5)))", /script\(\): its list of lines is \[ 5 \]; expected a list where each is a string/],
  ['stage("a")', /stage\("a"\): the base is undefined; expected a stage/],
  ['stage(5, "debian")', /stage\(\): the name is 5; expected a string/],
  ['namedContext("a\\nRUN b")', /namedContext\(\): the name is "a\\nRUN b"; expected a name without blanks/],
  ["defineImage()", /defineImage\(\): its argument is undefined; expected an object with name, stages/],
  ["defineImage({ stages: [s] })", /defineImage\(\): name is undefined; expected the name/],
  ["defineImage({ name: 5, stages: [s] })", /defineImage\(\): name is 5; expected the name/],
  ['defineImage({ name: "a//b/", stages: [s] })', /defineImage\(\): name is "a\/\/b\/"; expected the name/],
  ['defineImage({ name: "a", stages: s })', /defineImage\(\): stages is Stage \{.*; expected a list/],
  ['defineImage({ name: "a", stages: [{ kind: "stage" }] })', /defineImage\(\): stages is .*; expected a list/],
  ['defineImage({ name: "a", stages: [s], context: 5 })', /defineImage\(\): context is 5; expected a string/],
  [
    'defineImage({ name: "a", stages: [s], variants: {} })',
    /defineImage\(\): variants is \{\}; expected .*at least one stage/,
  ],
  ['defineImage({ name: "a", stages: [s], variants: { a: "a" } })', /defineImage\(\): a is "a"; expected a stage/],
  ['defineImage({ name: "a", stages: [s], programs: "abc" })', /defineImage\(\): programs is "abc"; expected a list/],
  ['defineImage({ name: "a", stages: [s], variants: { "a b": s } })', /the name of a variant is "a b"; expected/],
  ['defineImage({ name: "a", stages: [s], variants: { "": s } })', /the name of a variant is ""; expected/],
  ['defineImage({ name: "a", stages: [s], variants: { "-a": s } })', /the name of a variant is "-a"; expected/],
  ['`ruby:${arg("A")}`', /the variable A stands in a template without expand; expected/],
  ['"x" + variable("A")', /the variable A stands in a template without expand; expected/],
  ['image(s.run(`echo ${modify(arg("A"), "-", "x")}`))', /the variable A stands in a template without expand/],
  ['`ruby:${expand`${arg("A")}`}`', /a text made with expand stands in a template without it; expected/],
  ["rubyNode()", /rubyNode\(\): its argument is undefined; expected an object with name, ruby/],
  ["rubyNode({ ...rn, programs: 'abc' })", /rubyNode\(\): programs is "abc"; expected a list/],
  ["rubyNode({ ...rn, jemalloc: 'no' })", /rubyNode\(\): jemalloc is "no"; expected true or false/],
  ["rubyNode({ ...rn, name: 'a//b/' })", /rubyNode\(\): name is "a\/\/b\/"; expected the name/],
  ["rubyNode({ ...rn, databases: 'mysql' })", /rubyNode\(\): databases is "mysql"; expected a list/],
  ["rubyNode({ ...rn, bundler: ['2.5.22'] })", /rubyNode\(\): bundler is \[ '2\.5\.22' \]; expected a string/],
  ["rubyNode({ ...rn, packages: { runtime: 'git' } })", /rubyNode\(\): packages: runtime is "git"; expected a list/],
  ["aptInstall(['git; rm'])", /aptInstall\(\): packages is \[ 'git; rm' \]; expected/],
  ["bundledWith(5)", /bundledWith\(\): the file is 5; expected a path/],
  ["{ ...image(s) }", /expected a definition as defineImage\(\) or rubyNode\(\) gives it|expected an image definition/],
  [
    '{ kind: "slipway-image" }',
    /expected a definition as defineImage\(\) or rubyNode\(\) gives it|expected an image definition/,
  ],
];

it.each(WRONG)("refuses %s", async (text, message) => {
  const lines = [
    `import { ${ALL} } from ${JSON.stringify(INDEX)};`,
    'const s = stage("a", "debian"), image = (so) => defineImage({ name: "x", stages: [so] });',
    'const rn = { ruby: "3.3", node: "24", suite: "trixie" };',
    `export default ${text};`,
  ];
  await using tree = await tempTree({ "package.json": '{"type":"module"}', "image.config.ts": lines.join("\n") });
  const error = await rejection(async () => {
    const { definition } = await loadDefinition(`${tree.path}/image.config.ts`);
    renderDockerfile(definition);
  });
  expect(error).toMatchObject({ exitCode: 2 });
  expect(error.message).toMatch(message);
});
