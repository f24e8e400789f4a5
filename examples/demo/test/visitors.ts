import { Admin, ask } from "./app-client.ts";

/** What visitors met with. */
export interface Visits {
  readonly pages: number;
  readonly written: number;
  /** Requests that did not end well, each with what came instead. */
  readonly failed: readonly string[];
  /** Assets that a page named and the store did not have at that moment. */
  readonly missing: readonly string[];
  /** Pages by the release that served them. */
  readonly byRelease: Readonly<Record<string, number>>;
}

/** People who load pages with all their assets, and one who writes résumés, one after the other and without a pause. */
export class Visitors {
  #going = true;
  readonly #done: Promise<unknown>;
  readonly #visits = { pages: 0, written: 0, failed: [] as string[], missing: [] as string[] };
  readonly #byRelease: Record<string, number> = {};

  constructor(url: string, adminPassword: string, readers: number) {
    const paths = ["/", "/resumes/1", "/?prefecture=%E6%9D%B1%E4%BA%AC%E9%83%BD"];
    const admin = new Admin(url, adminPassword);
    this.#done = Promise.all([
      ...Array.from({ length: readers }, (_, index) =>
        this.#repeat(() => this.#read(url, paths[index % paths.length])),
      ),
      this.#repeat(async () => {
        await admin.writeResume({ name: "訪問者", job_title: "校正者", years_of_experience: "1" });
        this.#visits.written++;
      }),
    ]);
  }

  get visits(): Visits {
    return { ...this.#visits, byRelease: this.#byRelease };
  }

  /** Ends when all have ended what they had begun. */
  async leave(): Promise<Visits> {
    this.#going = false;
    await this.#done;
    return this.visits;
  }

  async #repeat(visit: () => Promise<void>): Promise<void> {
    while (this.#going) {
      await visit().catch((error: unknown) => this.#visits.failed.push(String(error)));
    }
  }

  async #read(url: string, path = "/"): Promise<void> {
    const { status, body } = await ask(`${url}${path}`);
    const page = String(body);
    if (status !== 200) throw new Error(`${path}: ${status} ${page.slice(0, 200)}`);
    this.#visits.pages++;
    const release = /Release <code>([^<]+)/.exec(page)?.[1] ?? "none";
    this.#byRelease[release] = (this.#byRelease[release] ?? 0) + 1;
    const assets = [...page.matchAll(/(?:src|href)="(http[^"]+\/assets\/[^"]+)"/g)].map(([, asset = ""]) => asset);
    if (assets.length === 0) throw new Error(`${path} names no asset`);
    const answers = await Promise.all(assets.map(async (asset) => ({ asset, status: (await ask(asset)).status })));
    for (const answer of answers) if (answer.status !== 200) this.#visits.missing.push(answer.asset);
  }
}
