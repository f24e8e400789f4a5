/** What the page says of a benchmark beside its figures. */
export interface Section {
  readonly bench: string;
  readonly command: string;
  readonly title: string;
  readonly what: string;
  /** What each case is, by the name that its own begins with; left out where names say all. */
  readonly cases?: readonly (readonly [name: string, words: string])[];
  /** Which cases are Slipway's. */
  readonly ours: RegExp;
  readonly chart: "bars" | "growth";
  /** What the figures do not show. */
  readonly limits: readonly string[];
}

const UPLOADS_LIMITS = [
  "Server and proxy are on the same machine and take their share of the processors, so a tool that needs less of them is less ahead than on a network; the ceiling is theirs as much as a client's.",
  "A PUT of Slipway replaces nothing (`If-None-Match: *`), which costs this server a look at each and no other tool's does.",
  "Twenty milliseconds are added to every round trip by a proxy; bandwidth is not limited and no connection is lost.",
  "The proxy speaks plain HTTP, so no tool pays for TLS.",
  "All files are in the machine's memory when an upload begins, as in a build that has just written them.",
  "Files are text, which asset-sync could compress and is not asked to; all tools send the same bytes.",
  "The gem runs on the machine's Ruby without Rails: the seconds that a rake task takes to load an application come on top.",
  "The times in a table are of different minutes of a run, those of Slipway of all of them; only the ratios compare the same minutes.",
  "Tools that ran fewer times than others are far from Slipway or from what is promised of them, or had had their share of the twenty minutes; the runs are in the tables.",
];

const RELEASES_LIMITS = [
  "What stands under [Uploads](#uploads), where it is not of PUTs alone.",
  "The next release is measured at 20 ms beside 20,000 objects only, and the same one not at 0 ms beside none.",
];

const UPLOADERS = [
  [
    "Slipway asset-sync",
    "`asset-sync sync` with nothing but a target and a release; it finds out by itself how many requests to have under way.",
  ],
  ["bare ceiling", "PUTs signed by hand on 64 kept connections and nothing else: no client is faster by much."],
  [
    "rclone, tuned",
    "`rclone copy --transfers 64 --checkers 64 --checksum --fast-list --s3-no-head --s3-no-check-bucket`.",
  ],
  [
    "rclone",
    "`rclone copy` as it comes. It compares times: of a file whose time is new it asks for the sum and sets the time, two requests for each, whatever has changed: one group of [Releases](#releases) shows it.",
  ],
  ["asset_sync gem", "asset_sync with fog-aws, `concurrent_uploads` on and else as it comes."],
  ["AWS SDK loop", "a HEAD for each file and a PUT where it is missing, 32 at a time, by AWS' SDK for JavaScript."],
  [
    "aws s3 sync",
    "as it comes. It compares sizes and times, so it sends files whose times are new again; with `--size-only` it would send none, and list all the same. One group of Releases shows it.",
  ],
  ["s3cmd sync", "as it comes: one request at a time. It compares MD5 sums."],
] as const;

const STARTERS = [
  [
    "last of",
    "so many starts of one release at once, from the end of the leader's command until the last of them is through. The figure is the slowest round's.",
  ],
  [
    "run, nothing pending",
    "`entrypoint run` with a task `migrate`, whose migrations the database has; baked, as in an image.",
  ],
  ["rails db:migrate", "what a start does without it: Rails, to find out the same."],
  ["floor", "a script by hand that logs in, asks for the versions and becomes the app: what Node can do at best."],
  ["true", "what it takes to start any program. What is `added` by another is less this, round by round."],
  ["empty script", "`node` with an empty file."],
  [
    "execve of env",
    "a script that does nothing but become `true` by way of `env`, as a hand-over does before Node 26.",
  ],
  ["run, empty definition", "`entrypoint run -- true` with no tasks, baked."],
  ["spawnSync and execve", "a script that does nothing but run one hook and become `true`."],
  ['prehook "true"', "`prehook true -- true`: one hook, baked."],
  ["direct exec", "`true` without anything before it."],
  ["sh -c exec", "a shell that becomes `true`."],
  ["tini", "`tini -s -- true`."],
  ["dumb-init", "`dumb-init -- true`."],
] as const;

/** Every benchmark that the page shows, in its order. */
export const SECTIONS: readonly Section[] = [
  {
    bench: "assets",
    command: "npx -y pnpm@12 bench assets",
    title: "Uploads",
    what: "3,000 fingerprinted files with a median of 10 KB, uploaded for the first time. All tools see the same tree, the same server and the same counting proxy.",
    cases: UPLOADERS,
    ours: /^Slipway/,
    chart: "bars",
    limits: UPLOADS_LIMITS,
  },
  {
    bench: "releases",
    command: "npx -y pnpm@12 bench releases",
    title: "Releases",
    what: "The files of [Uploads](#uploads) again, when nothing has changed but their times, and as a next release with 40 files that are new; `foreign` are objects of somebody else in the same folder of the bucket. The cases are those of Uploads.",
    ours: /^Slipway/,
    chart: "bars",
    limits: RELEASES_LIMITS,
  },
  {
    bench: "releases-100000-foreign",
    command: "npx -y pnpm@12 bench releases --foreign 100000",
    title: "The same release in a bucket that has grown",
    what: "The same release again, beside 100,000 objects of somebody else; the cases are those of [Uploads](#uploads).",
    ours: /^Slipway/,
    chart: "bars",
    limits: ["What stands under [Releases](#releases)."],
  },
  {
    bench: "boot",
    command: "npx -y pnpm@12 bench boot",
    title: "Starts",
    what: "What stands between the start of a container and the first instruction of the application.",
    cases: STARTERS,
    ours: /prehook|^run\b|behind the leader|entrypoint|Slipway/,
    chart: "bars",
    limits: [
      "What the engine takes to make a container is the same for all and left out: programs are started on the machine itself, and those with Rails by turns in one container.",
      "The example app stands for apps that people run, with its own gems; the small one has no gems but Rails' own, the drivers and bootsnap.",
      "Files are in the page cache; the first start on a fresh host reads them from its disk.",
      "What is resident beside the app counts pages of programs' files too, which processes that run the same program share.",
    ],
  },
  {
    bench: "image",
    command: "npx -y pnpm@12 bench image",
    title: "Images",
    what: "The example app as an image three ways: on Slipway's base images, by the Dockerfile that `rails new` writes, and on one image for everything as teams wrote it in 2020 (the full images, a browser for PDFs, one stage), in today's versions. Slipway prints PDFs in a container of its own, whose image is listed too. A cold build has its FROM images and nothing else; a rebuild of Slipway's app is a new release with its assets synced.",
    ours: /^Slipway/,
    chart: "bars",
    limits: [
      "The app is small: the share of its assets and of its own code in a build is smaller than in one of years.",
      "Slipway's app image is larger than that of `rails new`: it keeps Node, which the entrypoint and asset-sync run on. That of `rails new` has a client of PostgreSQL and curl in it. Sizes are of what each holds, not of one technique.",
      "The base of 2020 has a browser in it, and Slipway's runtime has none. Whoever prints PDFs pulls the image `pdf` too, on the machines of that service: `base and pdf` counts both.",
      "Nothing is pushed or pulled; a registry adds the time for the megabytes that are listed.",
      "Packages come from mirrors close by: cold builds take longer on a slow line.",
    ],
  },
  {
    bench: "language",
    command: "npx -y pnpm@12 bench language",
    title: "The language",
    what: "Writing (`render`), reading (`parse`) and checking (`check`) Dockerfiles of 10 to 100,000 instructions, in stages of twenty. A fit through the logarithms gives the exponent of growth: 1 is linear.",
    ours: /./,
    chart: "growth",
    limits: [
      "The times are of code that V8 has compiled: the first run of a command line takes longer.",
      "ShellCheck, which `check` calls where it is installed, is left out.",
    ],
  },
  {
    bench: "ledger",
    command: "npx -y pnpm@12 bench ledger",
    title: "The ledger",
    what: "What the ledger of 50,000 keys in 20 releases costs a sync that adds a release with 50 new files.",
    ours: /./,
    chart: "bars",
    limits: ["Only the work on the ledger is timed, not its way to the bucket and back."],
  },
  {
    bench: "packages",
    command: "npx -y pnpm@12 bench packages",
    title: "The packages",
    what: "What an installation of each package by npm weighs, and how long Node takes to import it beside a module with nothing in it.",
    ours: /^import (?!nothing)/,
    chart: "bars",
    limits: ["The time of the installation itself is the registry's and the network's, and left out."],
  },
];
