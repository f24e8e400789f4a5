import { AssetSyncError } from "../errors.ts";
import { cloudFrontFault } from "./cloudfront.ts";
import { ENCODINGS, RULE_HEADERS, type AssetSyncConfig } from "./definition.ts";
import { isMembers, type Members } from "./members.ts";
import { patternFault } from "./pattern.ts";
import { RESERVED_FOLDER } from "./reserved-folder.ts";
import { nearestSpelling } from "./spelling.ts";

/** Says what was expected of a value; undefined for a good one. */
type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === "string" && value !== "" ? undefined : "expected a text");
const flag: Check = (value) => (typeof value === "boolean" ? undefined : "expected true or false");
const texts: Check = (value) =>
  Array.isArray(value) && value.every((one) => text(one) === undefined) ? undefined : "expected a list of texts";

const patterns: Check = (value) => texts(value) ?? patternsFault(value);

/** Every key that a configuration may have, and what its value must be. */
const CHECKS: Readonly<Record<keyof AssetSyncConfig, Check>> = {
  enabled: flag,
  to: text,
  publicDir: text,
  dirs: texts,
  release: text,
  endpoint: text,
  region: text,
  pathStyle: flag,
  receipt: text,
  ignore: patterns,
  headers: rulesFault,
  compress: encodingsFault,
  sourceMaps: sourceMapsFault,
  strict: flag,
  acl: text,
  storageClass: text,
  tags: tagsFault,
  sse: text,
  sseKmsKeyId: text,
  cloudfront: cloudFrontFault,
  maxRequests: requestsFault,
};

/**
 * Refuses a configuration with a key that nobody reads or a value of the wrong kind.
 *
 * @param place names the file in errors
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID
 */
export function checkConfig(value: unknown, place: string): AssetSyncConfig {
  if (!isMembers(value)) throw invalid(place, `its content is ${shown(value)}, expected an object`);
  const fault = membersFault(value, CHECKS);
  if (fault !== undefined) throw invalid(place, fault);
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

/** What is wrong with one option, wherever it was said. */
export function optionFault(name: keyof AssetSyncConfig, value: unknown): string | undefined {
  return CHECKS[name](value);
}

/** A configuration that cannot be used. */
export function invalid(place: string, reason: string, cause?: unknown): AssetSyncError {
  const end = reason.endsWith("?") ? "" : ".";
  return new AssetSyncError("ASSET_SYNC_CONFIG_INVALID", `Configuration ${place}: ${reason}${end}`, { cause });
}

function rulesFault(value: unknown): string | undefined {
  if (!Array.isArray(value)) return "expected a list of { match, headers }";
  for (const [index, rule] of value.entries()) {
    const fault = ruleFault(rule);
    if (fault !== undefined) return `row ${index + 1}: ${fault}`;
  }
  return undefined;
}

function ruleFault(rule: unknown): string | undefined {
  if (!isMembers(rule)) return `${shown(rule)}, expected { match, headers }`;
  const missing = ["match", "headers"].find((name) => rule[name] === undefined);
  if (missing !== undefined) return `it has no ${missing}`;
  return membersFault(rule, {
    match: (match) =>
      text(match) === undefined || texts(match) === undefined
        ? patternsFault(match)
        : "expected a glob or a list of globs",
    headers: headersFault,
  });
}

function patternsFault(value: unknown): string | undefined {
  const faults = [value].flat().map((one: unknown) => patternFault(String(one)));
  return faults.find((fault) => fault !== undefined);
}

function headersFault(headers: unknown): string | undefined {
  if (!isMembers(headers)) return "expected an object of headers";
  return membersFault(headers, HEADER_CHECKS);
}

/** What a header may hold so that every server passes it on unchanged: https://www.rfc-editor.org/rfc/rfc9110#name-field-values */
const headerValue: Check = (value) =>
  typeof value === "string" && /^[\u0021-\u007e]([\u0020-\u007e]*[\u0021-\u007e])?$/.test(value)
    ? undefined
    : "expected printable ASCII without blanks at its ends";

const HEADER_CHECKS: Readonly<Record<string, Check>> = Object.fromEntries(
  RULE_HEADERS.map((name) => [name, headerValue]),
);

function encodingsFault(value: unknown): string | undefined {
  const known: readonly unknown[] = ENCODINGS;
  const good = Array.isArray(value) && value.every((one) => known.includes(one));
  return good ? undefined : `expected a list of ${ENCODINGS.join(" and ")}`;
}

function sourceMapsFault(value: unknown): string | undefined {
  const good = typeof value === "string" && /^(public|drop|private:[\w.-]*\w[\w.-]*(\/[\w.-]*\w[\w.-]*)*)$/.test(value);
  if (good && value.slice("private:".length).split("/").includes(RESERVED_FOLDER)) {
    return `${RESERVED_FOLDER} is where a target keeps its ledger; expected another prefix`;
  }
  return good
    ? undefined
    : "expected public, drop or private:PREFIX (names of letters, digits and _ . - joined by slashes)";
}

function tagsFault(value: unknown): string | undefined {
  const good = isMembers(value) && Object.values(value).every((tag) => typeof tag === "string");
  return good ? undefined : "expected an object of texts";
}

function requestsFault(value: unknown): string | undefined {
  return Number.isSafeInteger(value) && Number(value) > 0 ? undefined : "expected a whole number above 0";
}

function membersFault(value: Members, checks: Readonly<Record<string, Check>>): string | undefined {
  for (const [name, member] of Object.entries(value)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) return unknownMember(name, Object.keys(checks));
    const fault = member === undefined ? undefined : check(member);
    if (fault !== undefined)
      return fault.startsWith("row ") ? `${name}, ${fault}` : `${name} is ${shown(member)}: ${fault}`;
  }
  return undefined;
}

function unknownMember(name: string, known: readonly string[]): string {
  const near = nearestSpelling(name, known);
  const meant = near === undefined ? `expected one of ${known.join(", ")}` : `did you mean ${near}?`;
  return `${JSON.stringify(name.slice(0, 80))} is not known; ${meant}`;
}

/** Not more of a wrong value than is of use. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? typeof value).slice(0, 80);
}
