/** How the entrypoint is started. */
export interface Mode {
  readonly name: string;
  /** It is PID 1 and nothing comes before it, and nothing after: Linux' rules for PID 1 are those of the app. */
  readonly bare: boolean;
  /** tini is above the app: what tini does not forward does not arrive. */
  readonly tini: boolean;
  /** It begins as PID 1: before Node listens, signals are lost. */
  readonly first: boolean;
  /** Words before the entrypoint's. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly path: string;
}

const PATH = "/fixtures/programs:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const UNSHARE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child=KILL", "--"];

/** A PID namespace of its own in one container that lives long is what a container is, in a hundredth of the time. */
export const MODES: readonly Mode[] = [
  { name: "as PID 1", bare: true, tini: false, first: true, before: UNSHARE, after: [], path: PATH },
  {
    name: "as PID 1 with tini in the image",
    bare: false,
    tini: true,
    first: true,
    before: UNSHARE,
    after: [],
    path: `/fixtures/tini:${PATH}`,
  },
  {
    name: "under tini",
    bare: false,
    tini: true,
    first: false,
    before: UNSHARE,
    after: ["/sbin/docker-init", "--"],
    path: PATH,
  },
  { name: "as a child", bare: false, tini: false, first: false, before: [], after: [], path: PATH },
];

/** What the container allows. */
export interface Setting {
  readonly name: string;
  /** Flags of `docker run`. */
  readonly flags: readonly string[];
  /** Words between a mode's. */
  readonly drop: readonly string[];
  readonly uid: number;
}

/** Everything, and as little as a container can have. */
export const SETTINGS: readonly Setting[] = [
  { name: "as root", flags: [], drop: [], uid: 0 },
  {
    name: "read-only, without capabilities, as a user without a passwd entry",
    flags: ["--read-only"],
    drop: [
      "setpriv",
      "--reuid=12345",
      "--regid=12345",
      "--clear-groups",
      "--bounding-set=-all",
      "--inh-caps=-all",
      "--no-new-privs",
    ],
    uid: 12_345,
  },
];
