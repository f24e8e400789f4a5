import Dockerode from "dockerode";
import { describe, expect, it } from "vitest";

import { lookUpServices, outputOf, tempTree } from "@slipway/testkit";

import { probeImage, type ImageProbe } from "../../src/inspect/image-probe.ts";
import { from } from "../../src/stage/base.ts";
import { script } from "../../src/stage/run-step.ts";
import { stage } from "../../src/stage/stage.ts";
import { scratchBuild } from "./scratch-build.ts";

const services = lookUpServices("docker");

const NASTY = [
  "$HOME",
  "${HOME:-x}",
  "$$",
  "a$",
  "back\\slash",
  "end\\",
  "it's",
  'say "hi"',
  `'"\\$\``,
  "two  blanks",
  " leading",
  "trailing ",
  "tab\there",
  "#comment",
  "<<EOF",
  "--flag",
  '["json"]',
  "a=b",
  "ключ",
  "日本語",
  "😀",
  "*",
  "?",
  "[a]",
  "a,b;c|d&e",
  "\\n",
  "%s",
  "!x",
  "~",
  "{a,b}",
];

/** Every pair of what readers treat in ways of their own, between letters and at both ends. */
const SPECIAL = ["$", "\\", "'", '"', "`", " ", "#", "<<", "[", "]", "{", "}", "--", "=", "%", "\u00A0", "\u0085", "é"];
const PAIRS = SPECIAL.flatMap((one) => SPECIAL.map((other) => `${one}a${other}`)).slice(0, 210);
const STRINGS = [...new Set([...NASTY, ...PAIRS])];

/** Words that a fold in the wrong place would change, with enough commands to be folded. */
const SHELL = [
  "printf '<%s>' a\u00A0b \u3000 'c  d' \"e  f\"",
  `printf '<%s>' "$(case x in x) echo "a  b";; esac)"`,
  "printf '<%s>' `echo 'g  h'`",
  `printf '<%s>' ${"word ".repeat(30)}`,
].join(" && ");

const PATHS = STRINGS.filter((text) => !/[*?]/.test(text));

/** How many paths are targets of a COPY of their own; an image has at most 127 layers. */
const NAMED = 60;

describe.skipIf(!services.available)(
  `values reach the image unchanged${services.reason && ` (${services.reason})`}`,
  () => {
    it("through ENV, LABEL, COPY paths, heredoc bodies and exec arguments", async () => {
      const files = Object.fromEntries(PATHS.map((name, index) => [`files/${name}`, `content ${index}`]));
      await using tree = await tempTree(files);
      const body = `${STRINGS.join("\n")}\nEOF\n`;
      const crlf = "a\r\nEOF\r\nRUN touch /injected\r\n";
      const env = Object.fromEntries(STRINGS.map((value, index) => [`NASTY_${index}`, value]));
      const labels = Object.fromEntries(STRINGS.map((value, index) => [`nasty.${index}`, value]));
      let so = stage("nasty", from("debian:trixie-slim"))
        .env(env)
        .label(labels)
        .write("/body", body)
        .write("/crlf", crlf);
      so = so.copy(
        PATHS.map((path) => `files/${path}`),
        "/copied/",
      );
      for (const [index, path] of PATHS.slice(0, NAMED).entries())
        so = so.copy(`files/${path}`, `/named/${index}/${path}`);
      so = so
        .run(["sh", "-c", 'printf "%s\\n" "$@" > /exec', "sh", ...STRINGS])
        .run("echo $((1 << 4)) > /shell")
        .run(`(${SHELL}) > /words`)
        .run(script(`cat > /script <<'INNER'\n${NASTY.join("\n")}\nINNER`))
        .workdir("/a dir/it's $HOME");
      await using image = await scratchBuild({ stages: [so], context: "." }, { folder: tree.path });
      const probe = await probeImage(new Dockerode(), image.tag);

      expect(STRINGS.length).toBeGreaterThanOrEqual(200);
      expect(STRINGS.map((_, index) => probe.config.labels[`nasty.${index}`])).toEqual(STRINGS);
      const environment = (await read(probe, "env", "-0")).split("\0");
      for (const [index, value] of STRINGS.entries()) expect(environment).toContain(`NASTY_${index}=${value}`);
      expect(await read(probe, "cat", "/body")).toBe(body);
      expect(await read(probe, "cat", "/crlf")).toBe(crlf);
      expect(await read(probe, "cat", "/exec")).toBe(`${STRINGS.join("\n")}\n`);
      expect(await read(probe, "cat", "/script")).toBe(`${NASTY.join("\n")}\n`);
      expect(await read(probe, "cat", "/shell")).toBe("16\n");
      expect(await read(probe, "cat", "/words")).toBe(outputOf("sh", ["-c", SHELL]));
      expect(await read(probe, "pwd")).toBe("/a dir/it's $HOME\n");
      const copies = PATHS.map((path) => `/copied/${path}`);
      expect(await read(probe, "cat", "--", ...copies)).toBe(PATHS.map((_, index) => `content ${index}`).join(""));
      const named = PATHS.slice(0, NAMED).map((path, index) => `/named/${index}/${path}`);
      expect(await read(probe, "cat", "--", ...named)).toBe(named.map((_, index) => `content ${index}`).join(""));
    });
  },
);

async function read(probe: ImageProbe, ...command: readonly string[]): Promise<string> {
  const { exitCode, output } = await probe.run({ command, entrypoint: false });
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  return output;
}
