import { Refusal } from "../refusal.ts";
import { cookies, headers, mediaFeatures, type Cookie, type MediaFeature } from "./json-values.ts";
import {
  duration,
  flag,
  headerText,
  invalid,
  length,
  mediaType,
  pageRanges,
  scale,
  selector,
  statuses,
  words,
  type Reader,
} from "./values.ts";

/** A field: how its text is read, and what it is when it is left out. */
interface Field<Value> {
  readonly read: Reader<Value>;
  readonly normal: Value;
}

/** The fields of Gotenberg's form that this service has, with its defaults. */
const FIELDS = {
  paperWidth: field(length, 8.5),
  paperHeight: field(length, 11),
  marginTop: field(length, 0.39),
  marginBottom: field(length, 0.39),
  marginLeft: field(length, 0.39),
  marginRight: field(length, 0.39),
  landscape: field(flag, false),
  printBackground: field(flag, false),
  omitBackground: field(flag, false),
  preferCssPageSize: field(flag, false),
  generateDocumentOutline: field(flag, false),
  generateTaggedPdf: field(flag, false),
  scale: field(scale, 1),
  nativePageRanges: field(pageRanges, ""),
  waitDelay: field(duration, 0),
  waitForExpression: field(words, ""),
  waitForSelector: field(selector, ""),
  waitWindowStatus: field(words, ""),
  emulatedMediaType: field(mediaType, "print"),
  emulatedMediaFeatures: field(mediaFeatures, []),
  extraHttpHeaders: field(headers, {}),
  userAgent: field(headerText, ""),
  cookies: field(cookies, []),
  failOnHttpStatusCodes: field(statuses, [499, 599]),
  failOnResourceHttpStatusCodes: field(statuses, []),
  failOnResourceLoadingFailed: field(flag, false),
  failOnConsoleExceptions: field(flag, false),
  skipNetworkIdleEvent: field(flag, true),
  skipNetworkAlmostIdleEvent: field(flag, true),
} as const;

/** What Gotenberg has beyond that: other programs' work on the PDF, other routes' fields, and what would fetch by itself. */
const UNSUPPORTED = new Set(
  `archives attachments bookmarks downloadFrom embeds embedsMetadata flatten ignoreResourceHttpStatusDomains merge metadata
  ownerPassword pdfa pdfua rotateAngle rotatePages singlePage splitMode splitSpan splitUnify stages stampExpression
  stampSource userPassword watermarkExpression watermarkSource`.split(/\s+/),
);

/** How a page is loaded, waited for and printed. Lengths are inches, times milliseconds. */
export interface PrintOptions {
  readonly paper: { readonly width: number; readonly height: number };
  readonly margin: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
  readonly landscape: boolean;
  readonly printBackground: boolean;
  readonly omitBackground: boolean;
  readonly preferCssPageSize: boolean;
  readonly outline: boolean;
  readonly tagged: boolean;
  readonly scale: number;
  readonly pageRanges: string;
  readonly wait: {
    readonly delayMs: number;
    readonly expression: string;
    readonly selector: string;
    readonly windowStatus: string;
    readonly until: "load" | "networkidle0" | "networkidle2";
  };
  readonly media: { readonly type: "print" | "screen"; readonly features: readonly MediaFeature[] };
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly cookies: readonly Cookie[];
  readonly failOn: {
    readonly statuses: readonly number[];
    readonly resourceStatuses: readonly number[];
    readonly resourceFailures: boolean;
    readonly exceptions: boolean;
  };
}

type Values = { readonly [Name in keyof typeof FIELDS]: (typeof FIELDS)[Name]["normal"] };

/**
 * What the fields of a form ask for, with Gotenberg's defaults; an empty field counts as left out. Throws a {@link Refusal}
 * that names the first field that is unknown, unsupported, there twice or has no such value.
 *
 * @param timeLimitMs a wait must be shorter, or it could only end in the time limit
 * @see https://gotenberg.dev/docs/chromium/convert-html
 */
export function readFields(fields: readonly (readonly [string, string])[], timeLimitMs: number): PrintOptions {
  const values = readValues(fields);
  if (values.waitDelay >= timeLimitMs) {
    throw new Refusal(
      "PDF_FIELD_INVALID",
      `the field waitDelay is not shorter than the time limit of ${timeLimitMs} ms`,
    );
  }
  if (values.omitBackground && !values.printBackground) {
    throw new Refusal("PDF_FIELD_INVALID", "the field omitBackground needs printBackground=true");
  }
  return optionsOf(values);
}

function readValues(fields: readonly (readonly [string, string])[]): Values {
  const values = new Map<string, unknown>(Object.entries(FIELDS).map(([name, { normal }]) => [name, normal]));
  const seen = new Set<string>();
  for (const [name, text] of fields) {
    if (seen.has(name)) throw new Refusal("PDF_FIELD_INVALID", `the field ${name} is there twice`);
    seen.add(name);
    if (!isField(name)) refuseField(name, text);
    else if (text !== "") values.set(name, FIELDS[name].read(name, text));
  }
  return Object.fromEntries(values) as Values;
}

function isField(name: string): name is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, name);
}

function field<Value>(read: Reader<Value>, normal: Value): Field<Value> {
  return { read, normal };
}

/** Clients send fields that they do not use as `false` or empty; these ask for nothing. */
function refuseField(name: string, text: string): void {
  if (!UNSUPPORTED.has(name)) {
    throw new Refusal("PDF_FIELD_UNKNOWN", `there is no field ${JSON.stringify(name.slice(0, 60))}`);
  }
  if (text === "" || text === "false") return;
  throw new Refusal("PDF_FIELD_UNSUPPORTED", `the field ${name} is not supported here`);
}

function optionsOf(values: Values): PrintOptions {
  return {
    paper: { width: positive("paperWidth", values.paperWidth), height: positive("paperHeight", values.paperHeight) },
    margin: {
      top: values.marginTop,
      bottom: values.marginBottom,
      left: values.marginLeft,
      right: values.marginRight,
    },
    landscape: values.landscape,
    printBackground: values.printBackground,
    omitBackground: values.omitBackground,
    preferCssPageSize: values.preferCssPageSize,
    outline: values.generateDocumentOutline,
    tagged: values.generateTaggedPdf,
    scale: values.scale,
    pageRanges: values.nativePageRanges,
    wait: {
      delayMs: values.waitDelay,
      expression: values.waitForExpression,
      selector: values.waitForSelector,
      windowStatus: values.waitWindowStatus,
      until: loadedWhen(values),
    },
    media: { type: values.emulatedMediaType, features: values.emulatedMediaFeatures },
    headers: values.extraHttpHeaders,
    userAgent: values.userAgent,
    cookies: values.cookies,
    failOn: {
      statuses: values.failOnHttpStatusCodes,
      resourceStatuses: values.failOnResourceHttpStatusCodes,
      resourceFailures: values.failOnResourceLoadingFailed,
      exceptions: values.failOnConsoleExceptions,
    },
  };
}

function positive(name: string, inches: number): number {
  if (inches === 0) throw invalid(name, "0", "more than 0");
  return inches;
}

/** Gotenberg's two flags are both "do not wait"; the stricter wait that is asked for counts. */
function loadedWhen(values: Values): PrintOptions["wait"]["until"] {
  if (!values.skipNetworkIdleEvent) return "networkidle0";
  return values.skipNetworkAlmostIdleEvent ? "load" : "networkidle2";
}
