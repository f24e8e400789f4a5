import { randomBytes } from "node:crypto";
import { chmod } from "node:fs/promises";

import { tempTree } from "@slipway/testkit";
import { execa } from "execa";

import { IMAGES } from "./images.ts";

/** A document as another program reads it. */
export interface ReadPdf {
  readonly text: string;
  /** The table of `pdffonts`. */
  readonly fonts: string;
  readonly pages: number;
}

/** Poppler in a container. */
export interface PdfReader extends AsyncDisposable {
  /** Throws when one of them is no PDF. */
  read(...pdfs: readonly Buffer[]): Promise<readonly ReadPdf[]>;
}

const READ = `set -e; cd "/pdfs/$1"; for file in $(ls | sort -n); do
  pdftotext "$file" -; printf '\\036'; pdffonts "$file"; printf '\\036'; pdfinfo "$file" | sed -n 's/^Pages: *//p'; printf '\\035'
done`;

export async function startPdfReader(): Promise<PdfReader> {
  const name = `slipway-poppler-${randomBytes(4).toString("hex")}`;
  const folder = await tempTree();
  await chmod(folder.path, 0o755);
  const place = ["--detach", "--init", "--network", "none", "--volume", `${folder.path}:/pdfs:ro`, "--name", name];
  await execa("docker", ["run", ...place, IMAGES.poppler, "sleep", "infinity"]);
  return {
    read: async (...pdfs) => {
      const batch = randomBytes(4).toString("hex");
      await folder.write(Object.fromEntries(pdfs.map((pdf, index) => [`${batch}/${index}`, pdf])));
      const { stdout } = await execa("docker", ["exec", name, "sh", "-c", READ, "sh", batch]);
      return stdout.split("\u001d").slice(0, -1).map(parse);
    },
    [Symbol.asyncDispose]: async () => {
      await execa("docker", ["rm", "--force", name]);
      await folder[Symbol.asyncDispose]();
    },
  };
}

function parse(document: string): ReadPdf {
  const [text = "", fonts = "", pages = ""] = document.split("\u001e");
  return { text, fonts, pages: Number(pages) };
}
