import { atCommand, at, inLines, type Hit, type Rule } from "../rule.ts";
import type { LintLine } from "../lint-file.ts";
import { pairsOf, unquoted } from "../variables.ts";

/** Parts of a name that say it holds a secret; as BuildKit has them. */
const SECRET_NAME = /(?:^|_)(?:API_?KEY|AUTH|CREDENTIALS?|KEY|PASSWORD|PWORD|PASSWD|SECRET|TOKEN)(?:_|$)/i;
/** Parts that say it does not: a public key, a file's name, a switch. */
const NO_SECRET =
  /(?:^|_)(?:PUBLIC|GPG|DUMMY)(?:_|$)|_(?:FILE|PATH|DIR|URL|URI|ID|NAME|TYPE|TTL|SOCK)$|^(?:BUNDLE|GEM)_PATH/i;
const RAILS = new Set(["SECRET_KEY_BASE", "RAILS_MASTER_KEY"]);

/** What a credential looks like, by who gave it out. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  "an AWS access key": /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  "a GitHub token": /\b(?:gh[opsu]_[A-Za-z0-9]{36}|github_pat_\w{60,})\b/,
  "a GitLab token": /\bglpat-[\w-]{20}/,
  "a Slack token": /\bxox[abprs]-[\w-]{10,}/,
  "a Stripe key": /\b[rs]k_live_[A-Za-z0-9]{16,}/,
  "an npm token": /\bnpm_[A-Za-z0-9]{36}\b/,
  "a private key": /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/,
  "a password in an address": /\b[a-z][a-z0-9+]*:\/\/[^\s:/@$"']+:[^\s:/@$"']+@/,
};

const SECRET_FILE =
  /(?:^|\/)(?:\.env(?!\.(?:example|sample|template|dist)$)(?:\.[\w-]+)?|id_(?:rsa|dsa|ecdsa|ed25519)|master\.key|(?:production|staging)\.key|\.netrc|\.pgpass|\.ssh|\.aws|\.kube)\/?$/;

const SECRETS_LINK = "https://docs.docker.com/build/building/secrets/";
const REMEDY =
  "Mount it for the one command that needs it: RUN --mount=type=secret,id=…; give the running program its own.";

/** Rules about what must not be in an image. */
export const SECRET_RULES: readonly Rule[] = [
  {
    code: "secret-in-variable",
    kind: "lint",
    severity: "warning",
    title: "A secret in ARG or ENV",
    reason: "ENV is in the image's configuration and ARG in its history: whoever can pull the image can read both.",
    remedy: REMEDY,
    link: "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
    also: ["SecretsUsedInArgOrEnv", "DL3064"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nARG GEM_TOKEN\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nRUN --mount=type=secret,id=gems,env=GEM_TOKEN bin/fetch\n",
    find: inLines(["ARG", "ENV"], (line) =>
      pairsOf(line).flatMap((pair) => {
        if (!SECRET_NAME.test(pair.key) || NO_SECRET.test(pair.key) || RAILS.has(pair.key)) return [];
        return [{ ...at(line, pair), message: `${line.name} ${pair.key} stays readable in the image` }];
      }),
    ),
  },
  {
    code: "rails-secret-in-variable",
    kind: "lint",
    severity: "error",
    title: "Rails' own secret in the image",
    reason:
      "With secret_key_base anyone can forge a session; with the master key, read the credentials. Assets need neither.",
    remedy:
      "Write SECRET_KEY_BASE_DUMMY=1 before bin/rails assets:precompile (Rails 7.1); give the real one to the container.",
    link: "https://guides.rubyonrails.org/configuring.html#config-secret-key-base",
    also: ["SecretsUsedInArgOrEnv", "DL3064"],
    bad: { text: "FROM ruby:3.4-slim-trixie\nARG RAILS_MASTER_KEY\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nRUN SECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile\n",
    find: inLines(["ARG", "ENV", "RUN"], (line) => (line.name === "RUN" ? inAssignments(line) : inPairs(line))),
  },
  {
    code: "secret-value",
    kind: "lint",
    severity: "error",
    title: "A credential in the Dockerfile",
    reason:
      "It is in the repository, in the image's history and in every cache; changing the file does not take it back.",
    remedy: "Take it out of service, then mount a new one: RUN --mount=type=secret,id=….",
    link: SECRETS_LINK,
    also: [],
    bad: { text: "FROM ruby:3.4-slim-trixie\nENV AWS_PROFILE=AKIAIOSFODNN7EXAMPLE\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nENV AWS_PROFILE=production\n",
    find: function* findValues({ stages }) {
      for (const line of stages.flatMap(({ lines }) => lines)) {
        const bodies = line.heredocs.map(({ body }) => body).join("");
        for (const [what, shape] of Object.entries(SHAPES)) {
          const index = shape.exec(line.text)?.index;
          if (index !== undefined) yield { ...at(line, { start: index, end: index }), message: `this is ${what}` };
          else if (shape.test(bodies)) yield { ...at(line), message: `its heredoc holds ${what}` };
        }
      }
    },
  },
  {
    code: "secret-copied",
    kind: "lint",
    severity: "error",
    title: "A file of secrets copied into the image",
    reason: "Removing it in a later layer does not take it out of the earlier one.",
    remedy: "Name it in .dockerignore, and mount it where a command needs it: RUN --mount=type=secret,id=….",
    link: SECRETS_LINK,
    also: [],
    bad: { text: "FROM ruby:3.4-slim-trixie\nCOPY config/master.key /app/config/\n", line: 2 },
    good: "FROM ruby:3.4-slim-trixie\nCOPY config/database.yml /app/config/\n",
    find: inLines(["COPY", "ADD"], (line) => {
      if (line.flags.some(({ name }) => name === "from")) return undefined;
      return line.words
        .slice(0, -1)
        .filter(({ text }) => SECRET_FILE.test(text))
        .map((word) => ({ ...at(line, word), message: `${word.text} becomes part of the image` }));
    }),
  },
];

function inPairs(line: LintLine): readonly Hit[] {
  return pairsOf(line)
    .filter(({ key, value = "" }) => RAILS.has(key) && (line.name === "ARG" || isReal(value)))
    .map((pair) => ({ ...at(line, pair), message: `${line.name} ${pair.key} stays readable in the image` }));
}

function inAssignments(line: LintLine): readonly Hit[] {
  return line.shell.commands.flatMap((command) =>
    command.assignments.flatMap((word) => {
      const [key = "", value = ""] = word.value.split(/=(.*)/s);
      if (!RAILS.has(key) || value.includes("$") || !isReal(value)) return [];
      return [{ ...atCommand(line, command, word), message: `${key} stands in the image's history` }];
    }),
  );
}

/** Short words are made up: `dummy`, `1`, `precompile_placeholder`. */
function isReal(value: string): boolean {
  return unquoted(value).length >= 24;
}
