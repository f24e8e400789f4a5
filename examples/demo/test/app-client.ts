import { request } from "node:http";

/** An answer of the app. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** What is sent; unlike `fetch`, with any Host header and without following redirects. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

/** Sends one request. */
export function ask(url: string, { method = "GET", headers = {}, form }: Asked = {}): Promise<Answer> {
  const body = form === undefined ? "" : new URLSearchParams(form).toString();
  const typed = form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...typed, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A person who is logged in to the admin pages of an app. */
export class Admin {
  readonly #url: string;
  readonly #authorization: string;

  constructor(url: string, password: string) {
    this.#url = url;
    this.#authorization = `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
  }

  /** Fills in and sends the form of a new résumé; answers where it is to be seen. */
  async writeResume(fields: Readonly<Record<string, string>>): Promise<string> {
    const authorization = this.#authorization;
    const page = await ask(`${this.#url}/admin/resumes/new`, { headers: { authorization } });
    const token = /<form class="sheet form".*?name="authenticity_token" value="([^"]+)"/s.exec(String(page.body))?.[1];
    const cookie = String(page.headers["set-cookie"]).split(";", 1)[0] ?? "";
    const named = Object.entries(fields).map(([name, value]) => [`resume[${name}]`, value]);
    const form = { authenticity_token: token ?? "", ...Object.fromEntries(named) };
    const headers = { authorization, cookie };
    const answer = await ask(`${this.#url}/admin/resumes`, { method: "POST", headers, form });
    if (answer.status !== 302) throw new Error(`the résumé was not created: ${answer.status} ${String(answer.body)}`);
    return String(answer.headers["location"]);
  }
}
