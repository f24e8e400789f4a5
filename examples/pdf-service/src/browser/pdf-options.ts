import type { PDFOptions } from "puppeteer-core";

import type { PrintOptions } from "../form/fields.ts";

const NOTHING = "<span></span>";

/** What Chromium is told to print. Chromium's own header and footer never appear: one that is not sent is empty. */
export function pdfOptions(
  options: PrintOptions,
  { header, footer }: { readonly header: string | undefined; readonly footer: string | undefined },
): PDFOptions {
  const { margin, paper } = options;
  return {
    width: `${paper.width}in`,
    height: `${paper.height}in`,
    margin: {
      top: `${margin.top}in`,
      bottom: `${margin.bottom}in`,
      left: `${margin.left}in`,
      right: `${margin.right}in`,
    },
    landscape: options.landscape,
    printBackground: options.printBackground,
    omitBackground: options.omitBackground,
    preferCSSPageSize: options.preferCssPageSize,
    outline: options.outline,
    tagged: options.tagged || options.outline,
    scale: options.scale,
    pageRanges: options.pageRanges,
    displayHeaderFooter: header !== undefined || footer !== undefined,
    headerTemplate: header ?? NOTHING,
    footerTemplate: footer ?? NOTHING,
    // the service's own limits end a print
    timeout: 0,
  };
}
