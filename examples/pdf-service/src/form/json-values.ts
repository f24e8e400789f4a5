import { validateHeaderName, validateHeaderValue } from "node:http";

import { invalid, json, type Reader } from "./values.ts";

/** A cookie that a page is loaded with. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path?: string;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly sameSite?: "Strict" | "Lax" | "None";
}

/** A media feature of CSS, such as `prefers-color-scheme: dark`. */
export interface MediaFeature {
  readonly name: string;
  readonly value: string;
}

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown): boolean => typeof value === "string" && value.length <= 4096;
const isFlag = (value: unknown): boolean => typeof value === "boolean";

const COOKIE: Shape = {
  name: isText,
  value: isText,
  domain: isText,
  path: isText,
  secure: isFlag,
  httpOnly: isFlag,
  sameSite: (value) => ["Strict", "Lax", "None"].includes(value as string),
};

const MEDIA_FEATURE: Shape = { name: isText, value: isText };

/** Headers that belong to a connection, or would send a request to another host than the one that was checked. */
const CONNECTION_HEADERS =
  /^(connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

/** A JSON object of request headers; they go with every request of the page. */
export const headers: Reader<Readonly<Record<string, string>>> = (name, text) => {
  const value = json(name, text);
  const expected = "a JSON object of header names and texts, none of which belongs to the connection";
  if (!isRecord(value) || !Object.entries(value).every(([key, entry]) => isHeader(key, entry))) {
    throw invalid(name, text, expected);
  }
  return value as Record<string, string>;
};

export const cookies: Reader<readonly Cookie[]> = (name, text) => {
  const expected = "a JSON list of cookies with name, value, domain, and path, secure, httpOnly, sameSite as needed";
  return listOf(name, text, { shape: COOKIE, needed: ["name", "value", "domain"], expected }) as readonly Cookie[];
};

export const mediaFeatures: Reader<readonly MediaFeature[]> = (name, text) => {
  const expected = 'a JSON list such as [{"name":"prefers-color-scheme","value":"dark"}]';
  return listOf(name, text, { shape: MEDIA_FEATURE, needed: ["name", "value"], expected }) as readonly MediaFeature[];
};

interface Members {
  readonly shape: Shape;
  readonly needed: readonly string[];
  readonly expected: string;
}

function listOf(name: string, text: string, { shape, needed, expected }: Members): readonly unknown[] {
  const value = json(name, text);
  const fits = (entry: unknown): boolean =>
    isRecord(entry) &&
    needed.every((key) => Object.hasOwn(entry, key)) &&
    Object.entries(entry).every(([key, member]) => Object.hasOwn(shape, key) && shape[key]?.(member) === true);
  if (!Array.isArray(value) || value.length > 100 || !value.every(fits)) throw invalid(name, text, expected);
  return value;
}

/** Gotenberg would cut `;scope=` off a value and send it to some hosts only; as plain text it would reach all of them. */
function isHeader(name: string, value: unknown): boolean {
  if (typeof value !== "string" || CONNECTION_HEADERS.test(name) || /;\s*scope=/i.test(value)) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
