import type { Instruction } from "../../../../src/dockerfile/instruction.ts";
import { run, text, variable, type Rule } from "./case.ts";

function healthcheck(
  options: object,
  check: Extract<Instruction, { instruction: "HEALTHCHECK" }>["check"],
): Instruction {
  return { instruction: "HEALTHCHECK", check, ...options };
}

/** The other instructions. */
export const VALUES: readonly Rule[] = [
  {
    rule: 48,
    says: "what the other instructions take",
    cases: [
      { file: "FROM scratch\nHEALTHCHECK none", reads: [healthcheck({}, "none")] },
      { file: "FROM scratch\nHEALTHCHECK --nonsense NONE", reads: [healthcheck({}, "none")] },
      {
        file: "FROM scratch\nHEALTHCHECK NONE a",
        refused: "healthcheck",
        at: "2:18",
        says: "HEALTHCHECK NONE takes no arguments",
      },
      {
        file: "FROM scratch\nHEALTHCHECK FOO a",
        refused: "healthcheck",
        at: "2:13",
        says: 'Unknown type "FOO" in HEALTHCHECK (try CMD)',
      },
      {
        file: "FROM scratch\nHEALTHCHECK CMD []",
        refused: "healthcheck",
        at: "2:13",
        says: "Missing command after HEALTHCHECK CMD",
      },
      {
        file: "FROM scratch\nHEALTHCHECK",
        refused: "arguments",
        at: "2:1",
        says: "HEALTHCHECK requires at least one argument",
      },
      {
        file: "FROM scratch\nHEALTHCHECK --interval=1us CMD a",
        refused: "healthcheck",
        at: "2:13",
        says: 'Interval "interval" cannot be less than 1ms',
      },
      {
        file: "FROM scratch\nHEALTHCHECK --timeout=30 CMD a",
        refused: "healthcheck",
        at: "2:13",
        says: 'time: missing unit in duration "30"',
      },
      {
        file: "FROM scratch\nHEALTHCHECK --timeout=1x CMD a",
        refused: "healthcheck",
        at: "2:13",
        says: 'time: unknown unit "x" in duration "1x"',
      },
      {
        file: "FROM scratch\nHEALTHCHECK --timeout=$x CMD a",
        refused: "healthcheck",
        at: "2:13",
        says: 'time: invalid duration "$x"',
      },
      {
        file: "FROM scratch\nHEALTHCHECK --retries=-1 CMD a",
        refused: "healthcheck",
        at: "2:13",
        says: "--retries cannot be negative (-1)",
      },
      {
        file: 'FROM scratch\nHEALTHCHECK --interval=1m30s --timeout=.5s --start-period=0 --start-interval=1h --retries=+3 CMD ["a", "b"]',
        reads: [
          healthcheck(
            { interval: "1m30s", timeout: ".5s", startPeriod: "0", startInterval: "1h", retries: 3 },
            { form: "exec", words: ["a", "b"] },
          ),
        ],
      },
      {
        file: "FROM scratch\nHEALTHCHECK CMD a\nHEALTHCHECK CMD b",
        reads: [healthcheck({}, { form: "shell", text: "a" }), healthcheck({}, { form: "shell", text: "b" })],
      },
      {
        file: "FROM scratch\nSHELL /bin/sh -c",
        refused: "arguments",
        at: "2:7",
        says: "SHELL requires the arguments to be in JSON form",
      },
      {
        file: 'FROM scratch\nSHELL ["/bin/bash", "-c"]',
        reads: [{ instruction: "SHELL", words: ["/bin/bash", "-c"] }],
      },
      { file: "FROM scratch\nEXPOSE", refused: "arguments", at: "2:1", says: "EXPOSE requires at least one argument" },
      {
        file: "FROM scratch\nEXPOSE 80 81/UDP 82-84/tcp $p",
        reads: [{ instruction: "EXPOSE", values: ["80", "81/UDP", "82-84/tcp", text(variable("p"))] }],
      },
      { file: "FROM scratch\nEXPOSE 80 abc", refused: "port", at: "2:11", says: "invalid containerPort:" },
      { file: "FROM scratch\nEXPOSE 65536", refused: "port", at: "2:8", says: "invalid containerPort:" },
      { file: "FROM scratch\nEXPOSE 9-8", refused: "port", at: "2:8", says: "invalid containerPort:" },
      { file: "FROM scratch\nEXPOSE 80/foo", refused: "port", at: "2:8", says: "invalid proto:" },
      {
        file: 'FROM scratch\nVOLUME ""',
        refused: "arguments",
        at: "2:8",
        says: "VOLUME specified can not be an empty string",
      },
      {
        file: "FROM scratch\nVOLUME []",
        refused: "arguments",
        at: "2:1",
        says: "VOLUME requires at least one argument",
      },
      {
        file: 'FROM scratch\nVOLUME ["/a b", "/$c"]',
        reads: [{ instruction: "VOLUME", values: ["/a b", text("/", variable("c"))] }],
      },
      { file: "FROM scratch\nVOLUME /a /b", reads: [{ instruction: "VOLUME", values: ["/a", "/b"] }] },
      {
        file: "FROM scratch\nONBUILD ONBUILD RUN a",
        refused: "onbuild",
        at: "2:9",
        says: "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
      },
      {
        file: "FROM scratch\nONBUILD FROM a",
        refused: "onbuild",
        at: "2:9",
        says: "FROM isn't allowed as an ONBUILD trigger",
      },
      {
        file: "FROM scratch\nONBUILD MAINTAINER a",
        refused: "onbuild",
        at: "2:9",
        says: "MAINTAINER isn't allowed as an ONBUILD trigger",
      },
      {
        file: "FROM scratch\nONBUILD",
        refused: "arguments",
        at: "2:1",
        says: "ONBUILD requires at least one argument",
      },
      { file: "FROM scratch\nONBUILD ENV A", refused: "pairs", at: "2:13", says: "ENV must have two arguments" },
      {
        file: "FROM scratch\nONBUILD COPY a",
        refused: "arguments",
        at: "2:9",
        says: "COPY requires at least two arguments",
        engine: "it fails when an image is built from this one",
      },
      { file: "FROM scratch\nonbuild run a", reads: [{ instruction: "ONBUILD", trigger: run("a") }] },
      { file: "FROM scratch\nUSER a b", reads: [{ instruction: "USER", value: "a b" }] },
      { file: "FROM scratch\nWORKDIR /a b", reads: [{ instruction: "WORKDIR", value: "/a b" }] },
      { file: "FROM scratch\nUSER", refused: "arguments", at: "2:1", says: "USER requires exactly one argument" },
      { file: "FROM scratch\nSTOPSIGNAL --x sigterm", reads: [{ instruction: "STOPSIGNAL", value: "sigterm" }] },
      { file: "FROM scratch\nSTOPSIGNAL RTMIN+3", reads: [{ instruction: "STOPSIGNAL", value: "RTMIN+3" }] },
      { file: "FROM scratch\nSTOPSIGNAL SIGFOO", refused: "signal", at: "2:12", says: "invalid signal:" },
      {
        file: "FROM scratch\nCOPY a",
        refused: "arguments",
        at: "2:1",
        says: "COPY requires at least two arguments, but only one was provided. Destination could not be determined",
      },
      { file: "FROM scratch\nMAINTAINER me", reads: [], warning: "maintainer" },
      {
        file: "FROM scratch\nCOPPY a b",
        refused: "unknown-instruction",
        at: "2:1",
        says: "unknown instruction:",
        hint: "COPY",
      },
      { file: "FORM scratch", refused: "unknown-instruction", at: "1:1", says: "unknown instruction:", hint: "FROM" },
    ],
  },
];
