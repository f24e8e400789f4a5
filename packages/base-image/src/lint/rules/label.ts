import { nearest } from "../../dockerfile/known-keys.ts";
import { at, inLines, type Rule } from "../rule.ts";
import { pairsOf, unquoted } from "../variables.ts";

const FROM = "FROM debian:trixie-slim\n";
const PREFIX = "org.opencontainers.image.";
const OCI = "https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys";

const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i;
const ANYTHING = /(?:)/;

/** The keys of the image specification, with the shape of their values. */
const KEYS: Readonly<Record<string, readonly [shape: RegExp, expected: string]>> = {
  created: [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i, "a time as in RFC 3339"],
  authors: [ANYTHING, ""],
  url: [URL_LIKE, "an address"],
  documentation: [URL_LIKE, "an address"],
  source: [URL_LIKE, "an address"],
  version: [ANYTHING, ""],
  revision: [ANYTHING, ""],
  vendor: [ANYTHING, ""],
  licenses: [/^[\w.+()-]+(?: (?:AND|OR|WITH) [\w.+()-]+)*$/, "an SPDX expression"],
  "ref.name": [ANYTHING, ""],
  title: [ANYTHING, ""],
  description: [ANYTHING, ""],
  "base.digest": [/^[a-z0-9]+:[0-9a-f]{32,}$/, "a digest"],
  "base.name": [ANYTHING, ""],
};

/** Rules about labels. */
export const LABEL_RULES: readonly Rule[] = [
  {
    code: "label-key",
    kind: "lint",
    severity: "warning",
    title: "A label key that Docker advises against",
    reason: "Keys are compared as they are: small letters, digits, dots and hyphens are what everybody writes.",
    remedy: "Write it like com.example.release-date.",
    link: "https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations",
    also: ["DL3048"],
    bad: { text: `${FROM}LABEL Release_Date=today\n`, line: 2 },
    good: `${FROM}LABEL com.example.release-date=today\n`,
    find: inLines(["LABEL"], (line) =>
      pairsOf(line).flatMap((pair) => {
        const key = unquoted(pair.key);
        if (key.includes("$") || /^[a-z0-9](?:[a-z0-9._/-]*[a-z0-9])?$/.test(key)) return [];
        return [{ ...at(line, pair), message: `${key} is not written as label keys are` }];
      }),
    ),
  },
  {
    code: "label-empty",
    kind: "lint",
    severity: "warning",
    title: "A label without a value",
    reason: "Whoever asks for it gets nothing, as if it were not there.",
    remedy: "Give it a value, or remove it.",
    link: "https://github.com/hadolint/hadolint/wiki/DL3051",
    also: ["DL3051"],
    bad: { text: `${FROM}LABEL com.example.team=""\n`, line: 2 },
    good: `${FROM}LABEL com.example.team=shop\n`,
    find: inLines(["LABEL"], (line) =>
      pairsOf(line)
        .filter(({ value = "" }) => unquoted(value) === "")
        .map((pair) => ({ ...at(line, pair), message: `${pair.key} is empty` })),
    ),
  },
  {
    code: "label-oci-key",
    kind: "lint",
    severity: "warning",
    title: "An OCI label that the specification does not have",
    reason: "Programs look for the keys of the specification; another one is read by nobody.",
    remedy: "Use a key of the specification, or one below your own domain.",
    link: OCI,
    also: [],
    bad: { text: `${FROM}LABEL org.opencontainers.image.licence=MIT\n`, line: 2 },
    good: `${FROM}LABEL org.opencontainers.image.licenses=MIT\n`,
    find: inLines(["LABEL"], (line) =>
      pairsOf(line).flatMap((pair) => {
        const name = ociName(pair.key);
        if (name === undefined || Object.hasOwn(KEYS, name)) return [];
        const near = nearest(name, Object.keys(KEYS));
        const hint = near === undefined ? {} : { hint: `Did you mean ${PREFIX}${near}?` };
        return [{ ...at(line, pair), message: `the specification has no ${PREFIX}${name}`, ...hint }];
      }),
    ),
  },
  {
    code: "label-oci-value",
    kind: "lint",
    severity: "warning",
    title: "An OCI label with a value of another shape",
    reason: "Programs read times, addresses, digests and licenses from these labels, and drop what they cannot read.",
    remedy: "Write the value as the specification has it.",
    link: OCI,
    also: ["DL3052", "DL3053", "DL3054", "DL3055", "DL3056"],
    bad: { text: `${FROM}LABEL org.opencontainers.image.created=yesterday\n`, line: 2 },
    good: `${FROM}LABEL org.opencontainers.image.created=2026-01-31T12:00:00Z\n`,
    find: inLines(["LABEL"], (line) =>
      pairsOf(line).flatMap((pair) => {
        const [shape, expected] = KEYS[ociName(pair.key) ?? ""] ?? [ANYTHING, ""];
        const value = unquoted(pair.value ?? "");
        if (value === "" || value.includes("$") || shape.test(value)) return [];
        return [{ ...at(line, pair), message: `${value} is not ${expected}` }];
      }),
    ),
  },
];

function ociName(key: string): string | undefined {
  const bare = unquoted(key);
  return bare.startsWith(PREFIX) ? bare.slice(PREFIX.length) : undefined;
}
