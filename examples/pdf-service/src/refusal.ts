/** Every way a request ends without a PDF; clients may rely on these names. */
export type RefusalCode =
  | "PDF_ROUTE_UNKNOWN"
  | "PDF_METHOD_NOT_ALLOWED"
  | "PDF_BODY_NOT_A_FORM"
  | "PDF_BODY_TOO_LARGE"
  | "PDF_FIELD_UNKNOWN"
  | "PDF_FIELD_UNSUPPORTED"
  | "PDF_FIELD_INVALID"
  | "PDF_FILE_INVALID"
  | "PDF_HEADER_INVALID"
  | "PDF_SETTINGS_REFUSED"
  | "PDF_ADDRESS_REFUSED"
  | "PDF_PAGE_UNREACHABLE"
  | "PDF_PAGE_FAILED"
  | "PDF_FETCHED_TOO_MUCH"
  | "PDF_TOO_LARGE"
  | "PDF_QUEUE_FULL"
  | "PDF_MEMORY_FULL"
  | "PDF_TIMEOUT"
  | "PDF_BROWSER_LOST"
  | "PDF_STOPPING"
  | "PDF_UNEXPECTED";

/** The one table of codes. `retry` says that the same request may succeed later: the answer then has Retry-After. */
export const REFUSALS: Readonly<
  Record<RefusalCode, { status: number; retry: boolean; meaning: string; remedy: string }>
> = {
  PDF_ROUTE_UNKNOWN: {
    status: 404,
    retry: false,
    meaning: "The service has no such route.",
    remedy: "It has /forms/chromium/convert/html, /forms/chromium/convert/url, /health and /metrics.",
  },
  PDF_METHOD_NOT_ALLOWED: {
    status: 405,
    retry: false,
    meaning: "The route is not called with this method.",
    remedy: "Send forms with POST; read the others with GET or HEAD.",
  },
  PDF_BODY_NOT_A_FORM: {
    status: 400,
    retry: false,
    meaning: "The body is no multipart form, or has more parts than a form may have.",
    remedy: "Send multipart/form-data with a boundary; at most 500 files and 100 fields.",
  },
  PDF_BODY_TOO_LARGE: {
    status: 413,
    retry: false,
    meaning: "The body is larger than PDF_BODY_MB.",
    remedy: "Send smaller images, or let the page fetch them from an allowed host.",
  },
  PDF_FIELD_UNKNOWN: {
    status: 400,
    retry: false,
    meaning: "The form has a field that neither this service nor Gotenberg has.",
    remedy: "Compare the name with the README's table.",
  },
  PDF_FIELD_UNSUPPORTED: {
    status: 400,
    retry: false,
    meaning: "The field or header is one of Gotenberg's that this service does not have.",
    remedy: "Leave it out, or run Gotenberg in this service's place.",
  },
  PDF_FIELD_INVALID: {
    status: 400,
    retry: false,
    meaning: "A field is missing, there twice, or has a value that it cannot have.",
    remedy: "The message says what is expected.",
  },
  PDF_FILE_INVALID: {
    status: 400,
    retry: false,
    meaning: "A file is missing, or its name is no plain name.",
    remedy: "Send index.html and what it links to as files without folders.",
  },
  PDF_HEADER_INVALID: {
    status: 400,
    retry: false,
    meaning: "Gotenberg-Output-Filename or Gotenberg-Trace is not what such a header can be.",
    remedy: "A name has no folder and no control character; a trace has letters, digits and . _ : - only.",
  },
  PDF_SETTINGS_REFUSED: {
    status: 400,
    retry: false,
    meaning: "Chromium cannot print with these settings.",
    remedy: "Look at paper size against margins, and at nativePageRanges against the number of pages.",
  },
  PDF_ADDRESS_REFUSED: {
    status: 403,
    retry: false,
    meaning: "The page is at an address that this service does not connect to.",
    remedy: "Name a host of your own in PDF_ALLOWED_HOSTS. Loopback and link-local addresses are never connected to.",
  },
  PDF_PAGE_UNREACHABLE: {
    status: 400,
    retry: false,
    meaning: "The page could not be loaded.",
    remedy: "The message has Chromium's reason: name, connection, certificate or redirects.",
  },
  PDF_PAGE_FAILED: {
    status: 409,
    retry: false,
    meaning:
      "The address answered with no page, or the page went elsewhere, or what the form asks for did not hold: a status, a resource, a script.",
    remedy: "The message says which: mend the page, or do not ask for it by the failOn… and wait… fields.",
  },
  PDF_FETCHED_TOO_MUCH: {
    status: 409,
    retry: false,
    meaning: "The page fetched more than PDF_FETCH_MB.",
    remedy: "Link smaller resources.",
  },
  PDF_TOO_LARGE: {
    status: 409,
    retry: false,
    meaning: "The PDF is larger than PDF_OUTPUT_MB.",
    remedy: "Ask for fewer pages by nativePageRanges, or send smaller images.",
  },
  PDF_QUEUE_FULL: {
    status: 429,
    retry: true,
    meaning: "As many requests wait as PDF_QUEUE allows.",
    remedy: "Come again after Retry-After, or run more tasks.",
  },
  PDF_MEMORY_FULL: {
    status: 503,
    retry: true,
    meaning: "The bodies that wait fill PDF_HELD_MB.",
    remedy: "Come again after Retry-After, or run more tasks.",
  },
  PDF_TIMEOUT: {
    status: 503,
    retry: true,
    meaning: "Waiting and printing took longer than PDF_TIMEOUT_SECONDS.",
    remedy: "A page that never ends can do this as well as a busy service: compare with pdf_queue_waiting of /metrics.",
  },
  PDF_BROWSER_LOST: {
    status: 503,
    retry: true,
    meaning: "The browser or the page's process ended while the page was printed.",
    remedy: "Come again after Retry-After. If it is always the same page, the page needs too much memory.",
  },
  PDF_STOPPING: {
    status: 503,
    retry: true,
    meaning: "The service is being stopped and takes no more work.",
    remedy: "Come again after Retry-After: another task answers then.",
  },
  PDF_UNEXPECTED: {
    status: 500,
    retry: false,
    meaning: "The service has a fault of its own.",
    remedy: "Its log has the stack, under the answer's Gotenberg-Trace.",
  },
};

/** A request that gets no PDF, for a reason the client is told. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
