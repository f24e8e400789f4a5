import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Environment, variable } from "./environment.ts";

/** Settings by name; one inside another setting as `outer.inner`. */
export type AwsSettings = ReadonlyMap<string, string>;

/** What the two files that the AWS tools share say for the profile in use. Both may be missing. */
export interface AwsFiles {
  /** Of the profile in the credentials file. */
  readonly credentials: AwsSettings;
  /** Of the profile in the configuration file. */
  readonly config: AwsSettings;
  /** Of the services section that the profile names: endpoints by service. */
  readonly services: AwsSettings;
}

const NOTHING: AwsSettings = new Map();

/** Reads the files where the environment says they are, or in the home folder. */
export function readAwsFiles(environment: Environment): AwsFiles {
  const profile = variable(environment, "AWS_PROFILE") ?? "default";
  const credentials = sectionsAt(awsFile(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"));
  const sections = sectionsAt(awsFile(environment, "AWS_CONFIG_FILE", "config"));
  const inConfig = sections.get(`profile ${profile}`) ?? (profile === "default" ? sections.get(profile) : undefined);
  const config = inConfig ?? NOTHING;
  const services = sections.get(`services ${config.get("services") ?? ""}`) ?? NOTHING;
  return { credentials: credentials.get(profile) ?? NOTHING, config, services };
}

/** The profiles that the two files have, sorted. */
export function profileNames(environment: Environment): readonly string[] {
  const credentials = sectionsAt(awsFile(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"));
  const sections = sectionsAt(awsFile(environment, "AWS_CONFIG_FILE", "config"));
  const inConfig = [...sections.keys()].flatMap((name) => /^(?:profile )?(\S+)$/.exec(name)?.[1] ?? []);
  return [...new Set([...credentials.keys(), ...inConfig])].toSorted();
}

/** A setting of the profile; what the configuration file says comes first. */
export function awsSetting({ config, credentials }: AwsFiles, name: string): string | undefined {
  return config.get(name) ?? credentials.get(name);
}

/** Where one of the files is: named by a variable, else in the home folder; undefined when there is neither. */
export function awsFile(environment: Environment, name: string, usual: string): string | undefined {
  const named = variable(environment, name);
  const home = variable(environment, "HOME");
  if (named !== undefined) return named.replace(/^~(?=\/)/, home ?? "");
  return home === undefined ? undefined : join(home, ".aws", usual);
}

/**
 * The sections of such a file, by name. Pure. A comment begins a line or follows a blank; what is indented below an empty
 * setting lies inside it: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 */
export function parseAwsFile(text: string): ReadonlyMap<string, AwsSettings> {
  const sections = new Map<string, Map<string, string>>();
  let settings: Map<string, string> | undefined;
  let outer = "";
  for (const whole of text.split(/\r?\n/)) {
    const line = (whole.split(/(?:^|\s)[;#]/)[0] ?? "").trim();
    const section = /^\[\s*(.*?)\s*\]$/.exec(line)?.[1];
    if (section !== undefined) {
      const name = section.replace(/^([\w-]+)\s+(["']?)(.*)\2$/, "$1 $3");
      settings = sections.get(name) ?? new Map<string, string>();
      sections.set(name, settings);
      outer = "";
      continue;
    }
    const equals = line.indexOf("=");
    if (equals <= 0) continue;
    const [name, value] = [line.slice(0, equals).trim(), line.slice(equals + 1).trim()];
    if (!/^\s/.test(whole)) outer = "";
    settings?.set(outer === "" ? name : `${outer}.${name}`, value);
    if (value === "") outer = name;
  }
  return sections;
}

function sectionsAt(file: string | undefined): ReadonlyMap<string, AwsSettings> {
  try {
    return parseAwsFile(file === undefined ? "" : readFileSync(file, "utf8"));
  } catch {
    // Neither file has to be there; one that is named and cannot be read is refused where credentials are checked.
    return new Map();
  }
}
