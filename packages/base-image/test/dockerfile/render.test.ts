import { describe, expect, it } from "vitest";

import { heredoc } from "../../src/dockerfile/heredoc.ts";
import { renderComment, renderInstruction } from "../../src/dockerfile/render.ts";
import { arg, expand, modify, variable } from "../../src/dockerfile/text.ts";
import { from } from "../../src/stage/base.ts";
import { cache, secret, ssh, tmpfs } from "../../src/stage/mount.ts";
import { script } from "../../src/stage/run-step.ts";
import { stage, type Stage } from "../../src/stage/stage.ts";
import { rejection } from "../rejection.ts";

const empty = stage("s", from("debian"));

describe("RUN", () => {
  it.each([
    ["shell text", empty.run("make"), "RUN make\n"],
    ["a test in brackets", empty.run("[ -f x ] && make"), "RUN [ -f x ] && make\n"],
    ["a program", empty.run(["echo", 'a "b"']), 'RUN ["echo", "a \\"b\\""]\n'],
    ["text that is JSON", empty.run('["a"]'), 'RUN <<"EOF"\n["a"]\nEOF\n'],
    ["text that looks like a heredoc", empty.run("echo $((1 << 2))"), 'RUN <<"EOF"\necho $((1 << 2))\nEOF\n'],
    ["text that looks like a flag", empty.run("--version"), 'RUN <<"EOF"\n--version\nEOF\n'],
    ["lines that are folded already", empty.run("a \\\n   b \\\n && c"), "RUN a \\\n   b \\\n && c\n"],
    ["a heredoc in pieces", empty.add(expand`0${"<<a"}`, "b"), 'ADD ["./0<<a", "b"]\n'],
    ["a script", empty.run(script("a", "b")), 'RUN <<"EOF"\nset -e\na\nb\nEOF\n'],
    ["a script for another program", empty.run(script("#!/bin/ruby\np 1")), 'RUN <<"EOF"\n#!/bin/ruby\np 1\nEOF\n'],
    [
      "mounts and a network",
      empty.run("make", { mounts: [tmpfs("/tmp"), cache("/c", { sharing: "locked" })], network: "none" }),
      "RUN --mount=type=tmpfs,target=/tmp \\\n    --mount=type=cache,target=/c,sharing=locked \\\n    --network=none \\\n    make\n",
    ],
  ])("writes %s", (_, so, text) => {
    expect(last(so)).toBe(text);
  });

  it.each(["", "a\nb", "a \\", "a \\\n# b", "a \\\n\\\nb"])("refuses %j", async (text) => {
    expect((await rejection(() => last(empty.run(text)))).code).toBe("BASE_IMAGE_INVALID_VALUE");
  });
});

describe("COPY", () => {
  it.each([
    ["plain words", empty.copy(["a", "b*"], "/x/"), "COPY a b* /x/\n"],
    [
      "a stage and owners",
      empty.copy("a", "b", { from: empty, chown: "1:1", chmod: "0644", link: true }),
      "COPY --from=s --chown=1:1 --chmod=0644 --link a b\n",
    ],
    ["an image", empty.copy("a", "b", { from: from("node:24") }), "COPY --from=node:24 a b\n"],
    ["a blank", empty.copy("a b", "c"), 'COPY ["a b", "c"]\n'],
    ["what the word lexer would take away", empty.copy("it's", "$x"), String.raw`COPY ["\"it's\"", "\"\\$x\""]` + "\n"],
    ["brackets", empty.copy("app/[id].ts", "b"), 'COPY ["app/[[]id].ts", "b"]\n'],
    ["a source like a heredoc", empty.copy("<<x", "b"), 'COPY ["./<<x", "b"]\n'],
    ["a source like a flag", empty.copy("--from=x", "b"), "COPY ./--from=x b\n"],
    ["a body", empty.write("/etc/x", "a\nEOF\n$b"), 'COPY <<"EOF2" /etc/x\na\nEOF\n$b\nEOF2\n'],
  ])("writes %s", (_, so, text) => {
    expect(last(so)).toBe(text);
  });

  it("refuses a variable where BuildKit does not expand one", async () => {
    const error = await rejection(() => empty.copy("a", "b", { from: from(arg("IMAGE")) }));
    expect(error.message).toContain("--from=${IMAGE}");
  });
});

describe("the other instructions", () => {
  it.each([
    ["ENV", empty.env({ A: "1", B: "x y" }), 'ENV A=1 \\\n    B="x y"\n'],
    ["LABEL", empty.label({ "a.b/c": "" }), 'LABEL a.b/c=""\n'],
    ["WORKDIR", empty.workdir("/a b"), 'WORKDIR "/a b"\n'],
    ["USER", empty.user("1000:1000"), "USER 1000:1000\n"],
    ["EXPOSE", empty.expose(3000, "53/udp"), "EXPOSE 3000 53/udp\n"],
    ["ARG", empty.arg(arg("V", "$1")), 'ARG V="\\$1"\n'],
    ["CMD in shell form", empty.cmd("exec x"), "CMD exec x\n"],
    ["CMD that looks like JSON", empty.cmd('["x"]'), 'CMD ["/bin/sh", "-c", "[\\"x\\"]"]\n'],
    ["ENTRYPOINT", empty.entrypoint(["tini", "--"]), 'ENTRYPOINT ["tini", "--"]\n'],
    ["SHELL", empty.shell(["/bin/bash", "-c"]), 'SHELL ["/bin/bash", "-c"]\n'],
    ["VOLUME", empty.volume("/data", "/a b"), 'VOLUME ["/data", "/a b"]\n'],
    ["STOPSIGNAL", empty.stopsignal("SIGQUIT"), "STOPSIGNAL SIGQUIT\n"],
    [
      "HEALTHCHECK",
      empty.healthcheck(["curl", "localhost"], { interval: "30s", startPeriod: "1m", retries: 3 }),
      'HEALTHCHECK --interval=30s --start-period=1m --retries=3 CMD ["curl", "localhost"]\n',
    ],
    ["no HEALTHCHECK", empty.healthcheck("none"), "HEALTHCHECK NONE\n"],
    ["ONBUILD", empty.onbuild((so) => so.copy(".", ".")), "ONBUILD COPY . .\n"],
    [
      "ADD",
      empty.add("https://example.com/a.tgz", "/a/", { checksum: `sha256:${"0".repeat(64)}`, unpack: true }),
      `ADD --checksum=sha256:${"0".repeat(64)} --unpack https://example.com/a.tgz /a/\n`,
    ],
    ["a modifier", empty.workdir(expand`/a/${modify(variable("X"), ":-", "b c")}`), "WORKDIR /a/${X:-'b c'}\n"],
    ["a comment", empty.comment("one\n two"), "# one\n# two\n"],
  ])("writes %s", (_, so, text) => {
    expect(last(so)).toBe(text);
  });

  it.each([
    ["a bad ENV name", () => empty.env({ "a-b": "1" })],
    ["an ENV value of two lines", () => empty.env({ A: "1\n2" })],
    ["an ENV without a pair", () => empty.env({})],
    ["a LABEL key with a blank", () => empty.label({ "a b": "1" })],
    ["a line longer than BuildKit reads", () => empty.env({ A: "x".repeat(70_000) })],
    ["a healthcheck of no time", () => empty.healthcheck("true", { interval: "0s" })],
    ["a trigger that copies from a stage", () => empty.onbuild((so) => so.copy("a", "b", { from: empty }))],
    ["a trigger in a trigger", () => empty.onbuild((so) => so.onbuild((more) => more.run("x")))],
    ["no trigger", () => empty.onbuild((so) => so)],
  ])("refuses %s", async (_, so) => {
    expect((await rejection(() => last(so()))).code).toBe("BASE_IMAGE_INVALID_VALUE");
  });
});

describe("mounts", () => {
  it.each([
    [secret("aws", { env: "KEY" }), "--mount=type=secret,id=aws,required,env=KEY"],
    [secret("aws", { required: false, target: "/x" }), "--mount=type=secret,id=aws,target=/x"],
    [ssh(), "--mount=type=ssh,required"],
    [cache("/c", { id: "gems", uid: 0 }), "--mount=type=cache,target=/c,id=gems,uid=0"],
    [cache("/c", { id: expand`gems-${arg("TARGETARCH")}` }), "--mount=type=cache,target=/c,id=gems-${TARGETARCH}"],
    [cache("/a,b"), String.raw`--mount=type=cache,\"target=/a,b\"`],
    [cache("/$x y"), String.raw`--mount=type=cache,target=/\\\$x\ y`],
    [tmpfs("/t", { size: "64m" }), "--mount=type=tmpfs,target=/t,size=64m"],
  ])("writes %j", (mount, text) => {
    expect(last(empty.run("x", { mounts: [mount] }))).toBe(`RUN ${text} \\\n    x\n`);
  });

  it.each([cache("/"), cache(""), cache("/é"), cache("/a\nb")])("refuses %j", async (mount) => {
    expect((await rejection(() => last(empty.run("x", { mounts: [mount] })))).code).toBe("BASE_IMAGE_INVALID_VALUE");
  });
});

it("refuses a heredoc body that no file could hold as text", async () => {
  expect((await rejection(() => heredoc("a\0", "the body"))).message).toContain("NUL");
});

describe("a heredoc's delimiter", () => {
  it.each([
    ["a line that ends in CR LF", "a\r\nEOF\r\nRUN touch /injected\r\n"],
    ["a line that ends in several CR", "a\nEOF\r\r\nRUN touch /injected\n"],
    ["a last line without LF", "a\nEOF\r"],
    ["a line with blanks and tabs around it", "a\n\tEOF \nRUN touch /injected\n"],
    ["the second choice too", "EOF\nEOF2\r\nRUN touch /injected\n"],
  ])("is not %s", (_, body) => {
    for (const text of [last(empty.write("/f", body)), last(empty.run(script(`#!/bin/sh\n${body}`)))]) {
      const delimiter = /<<"(\w+)"/.exec(text)?.[1];
      const inner = text.split("\n").slice(1, -2);
      expect(inner.map((line) => line.trim())).not.toContain(delimiter);
      expect(text.endsWith(`\n${delimiter}\n`)).toBe(true);
    }
  });
});

it("writes empty comment lines without a blank at their end", () => {
  expect(renderComment("a\n\nb")).toBe("# a\n#\n# b\n");
});

function last(so: Stage): string {
  const instruction = so.steps.at(-1)?.instruction;
  if (instruction === undefined) throw new Error("the stage has no instruction");
  return instruction.instruction === "COMMENT" ? renderComment(instruction.text) : renderInstruction(instruction);
}
