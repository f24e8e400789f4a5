import { LineCounter, parseDocument, type ScalarTag } from "yaml";

import { messageOf } from "../errors.ts";
import { invalid } from "./config-check.ts";
import { isMembers, type Members } from "./members.ts";
import { nearestSpelling } from "./spelling.ts";

/** `!ruby/regexp /\.map$/i`, as Psych writes and reads it. */
const REGEXP: ScalarTag = {
  tag: "!ruby/regexp",
  resolve: (written, fail) => {
    const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(written) ?? [];
    if (source === undefined || flags === undefined) fail("a !ruby/regexp is written /…/, with its flags after it");
    return { source: (source ?? "").replaceAll("\\/", "/"), flags: flags ?? "" };
  },
};

const SYMBOL: ScalarTag = { tag: "!ruby/symbol", resolve: (written) => written.replace(/^:/, "") };
const SYM: ScalarTag = { ...SYMBOL, tag: "!ruby/sym" };

/**
 * The values of one environment of a config/asset_sync.yml whose ERB is filled in. YAML 1.1 with merge keys, as Ruby
 * reads it.
 *
 * @throws AssetSyncError ASSET_SYNC_CONFIG_INVALID
 */
export function gemEnvironment(yaml: string, railsEnv: string, place: string): Members {
  const lines = new LineCounter();
  const document = parseDocument(yaml, {
    version: "1.1",
    merge: true,
    customTags: (tags) => [...tags, REGEXP, SYMBOL, SYM],
    lineCounter: lines,
    logLevel: "error",
  });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const { line } = lines.linePos(fault.pos[0]);
    // The parser quotes the line, which may hold a credential.
    throw invalid(
      `${place}, line ${line}`,
      `it cannot be read as YAML: ${fault.message.split("\n")[0]?.replace(/ at line \d+.*$/, "") ?? ""}`,
    );
  }
  const content = contentOf(() => document.toJS(), place);
  if (!isMembers(content)) throw invalid(place, "expected environments (production:, …) with their options");
  const found = Object.hasOwn(content, railsEnv) ? content[railsEnv] : undefined;
  if (found === null) return {};
  if (isMembers(found)) return found;
  if (found !== undefined) throw invalid(place, `${railsEnv} is no table of options`);
  const near = nearestSpelling(railsEnv, Object.keys(content));
  const there = Object.keys(content).join(", ");
  throw invalid(
    place,
    `it has no environment ${railsEnv} (RAILS_ENV)${near === undefined ? "" : `; did you mean ${near}?`}; it has ${there}`,
  );
}

/** Aliases and merges are only followed here. */
function contentOf(read: () => unknown, place: string): unknown {
  try {
    return read();
  } catch (error) {
    throw invalid(place, `it cannot be read as YAML: ${messageOf(error)}`, error);
  }
}
