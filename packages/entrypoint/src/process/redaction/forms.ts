/** The widths at which programs break base64 into lines: Ruby, PEM, coreutils. */
const BASE64_WIDTHS = [60, 64, 76] as const;

/** A piece of a secret that is shorter than this is looked for only as the whole secret. */
const SHORTEST_PIECE = 6;

/**
 * The byte strings to look for so that a secret is found as it is, line by line, in base64, percent-encoded, and within quoted
 * text of JSON, Ruby or a shell. Latin-1 strings, one character a byte.
 */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const forms = [secret, ...pieces(secret), ...percentForms(secret), ...quotedForms(secret)];
  const inAddress = passwords(secret).flatMap((password) => [...formsOf(password)]);
  const found = [...forms.map((form) => Buffer.from(form).toString("latin1")), ...base64Forms(bytes), ...inAddress];
  return [...new Set(found)].filter((form) => form !== "");
}

/** The password in an address, as it stands there and as it is meant. */
function passwords(secret: string): readonly string[] {
  if (!URL.canParse(secret)) return [];
  const { password } = new URL(secret);
  if (password === "") return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** The lines of a secret that has several: each may stand alone, behind a prefix, or with another end. */
function pieces(secret: string): readonly string[] {
  const lines = secret.split(/\r\n|\r|\n/);
  return lines.length === 1 ? [] : [secret.trimEnd(), ...lines.map((line) => line.trim())].filter(isLong);
}

function isLong(piece: string): boolean {
  return piece.length >= SHORTEST_PIECE;
}

/** In base64 the beginning of a secret may stand at three places of a group; what a neighbour changes is left out. */
function base64Forms(bytes: Buffer): readonly string[] {
  const cores = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const changed = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    return text.slice(offset === 0 ? 0 : offset + 1, text.length - changed);
  });
  const alone = [bytes.toString("base64"), bytes.toString("base64").replace(/=+$/, "")];
  const broken = BASE64_WIDTHS.flatMap(
    (width) => (alone[1] ?? "").match(new RegExp(`.{1,${String(width)}}`, "g")) ?? [],
  );
  const plain = [...alone, ...[...cores, ...broken].filter(isLong)];
  return [...plain, ...plain.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}

const UNRESERVED = /[!'()*~]/g;

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

/** As browsers, forms, Ruby's CGI and ERB, and Python write it, with capital digits or small ones. */
function percentForms(secret: string): readonly string[] {
  const component = encodeURIComponent(secret.toWellFormed());
  const strict = component.replace(UNRESERVED, percent);
  const variants = [component, strict, strict.replaceAll("%7E", "~"), strict.replaceAll("%2A", "*")];
  const paths = variants.map((form) => form.replaceAll("%2F", "/"));
  const all = [...variants, ...paths].flatMap((form) => [form, form.replaceAll("%20", "+")]);
  return all.flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

/** Within quotation marks: JSON, Ruby's inspect, and the single quotes of a shell's trace. */
function quotedForms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const html = json.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return [
    json,
    ascii,
    html,
    json.replaceAll("/", "\\/"),
    json.replace(/#(?=[{$@])/g, "\\#"),
    secret.replaceAll("'", String.raw`'\''`),
    secret.replaceAll("'", `'"'"'`),
  ];
}
