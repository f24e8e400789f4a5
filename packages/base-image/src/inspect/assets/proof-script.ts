/** The folder in the image that a build writes its records to. */
export const RECORDS = "/slipway-proof";

/** Prints what the scripts below have written; the answer is for `readRecords`. */
export const PRINT_RECORDS: readonly string[] = ["sh", "-c", `cat ${RECORDS}/*`];

const WORDS = [
  "strace --follow-forks --seccomp-bpf --quiet=all --decode-fds --successful-only --signal=none",
  "--trace=open,openat,openat2 --output=/var/tmp/slipway-trace",
];

/** Runs the words after it and writes down every file that they, and what they start, open. @see man 1 strace */
export const TRACER: readonly string[] = WORDS.flatMap((words) => words.split(" "));

/** Each file that was opened below the working directory, once. With `--decode-fds` a call ends in `= 5</app/a.rb>`. */
export const RECORD_TRACE: readonly string[] = [
  `mkdir -p ${RECORDS}`,
  `here="$(pwd)/"`,
  String.raw`sed -n 's/.* = [0-9]*<\(.*\)>$/\1/p' /var/tmp/slipway-trace | LC_ALL=C sort -u |`,
  `  while read -r file; do case "$file" in "$here"*) echo "opened \${file#"$here"}";; esac; done > ${RECORDS}/opened`,
];

/**
 * The content of each file below `public`. A time is part of gzip's format and of Sprockets' manifest, and a random word of
 * that manifest's name; neither is content.
 */
export const RECORD_OUTPUTS: readonly string[] = [
  `mkdir -p ${RECORDS}`,
  "find public -type f | LC_ALL=C sort | while read -r file; do",
  '  case "$file" in',
  '    *.gz) sum=$(gzip -dc "$file" | sha256sum) ;;',
  `    */.sprockets-manifest-*.json) sum=$(sed 's/"mtime":"[^"]*"//g' "$file" | sha256sum) ;;`,
  '    *) sum=$(sha256sum < "$file") ;;',
  "  esac",
  '  echo "output ${sum%% *} $file"',
  `done > ${RECORDS}/outputs`,
];

/** What the builds of a proof have written down. */
export interface ProofRecords {
  /** The digest of each file that was made or was there, by its path; a manifest of Sprockets by a name that stays. */
  readonly outputs: ReadonlyMap<string, string>;
  /** The files below the working directory that were opened. */
  readonly opened: readonly string[];
}

/** Reads what {@link PRINT_RECORDS} prints. */
export function readRecords(text: string): ProofRecords {
  const lines = text.split("\n");
  const outputs = lines.flatMap((line) => {
    const [, digest = "", path = ""] = /^output ([0-9a-f]{64}) (.+)$/.exec(line) ?? [];
    return path === "" ? [] : [[path.replace(/(\.sprockets-manifest-)[0-9a-f]+(\.json)$/, "$1*$2"), digest] as const];
  });
  const opened = lines.flatMap((line) => (line.startsWith("opened ") ? [line.slice("opened ".length)] : []));
  return { outputs: new Map(outputs), opened };
}
