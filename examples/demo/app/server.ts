import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";

/** The app of the demo: one page, whose script and stylesheet come from the asset host under their fingerprinted names. */
const { PORT = "0", DATABASE_PATH = "demo.sqlite3", ASSET_HOST = "", PUBLIC_DIR = "public" } = process.env;

const manifest = JSON.parse(readFileSync(`${PUBLIC_DIR}/assets/.manifest.json`, "utf8")) as Record<string, string>;
// the first of several processes that open the database holds it alone while it reads the log
const database = new DatabaseSync(DATABASE_PATH, { readOnly: true, timeout: 10_000 });

interface Resume {
  readonly name: string;
  readonly headline: string;
  readonly city: string;
}

const server = createServer((request, response) => {
  if (request.url === "/up") return response.end("up\n");
  response.setHeader("content-type", "text/html; charset=utf-8");
  return response.end(page());
});
server.listen(Number(PORT), "127.0.0.1");

function page(): string {
  const rows = database.prepare("SELECT name, headline, city FROM resumes ORDER BY id").all() as unknown as Resume[];
  const items = rows.map(({ name, headline, city }) => `<li><b>${name}</b> ${headline}, ${city}</li>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Résumés</title>
<link rel="stylesheet" href="${asset("app.css")}">
<script src="${asset("app.js")}" defer></script>
<h1>Résumés</h1>
<ul>${items.join("")}</ul>
<p id="served">Served by process ${process.pid}</p>
`;
}

function asset(name: string): string {
  return `${ASSET_HOST}/assets/${manifest[name]}`;
}
