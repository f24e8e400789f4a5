/** Shapes that break careless redaction; no value holds a NUL, which no variable can. */
const SHAPES: readonly ((index: number) => string)[] = [
  (index) => `Zq${String(index)}`,
  (index) => `pass word ${String(index)} with spaces`,
  (index) => `first line ${String(index)}\nsecond line ${String(index)}\nthird one`,
  (index) => `-----BEGIN KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQ".repeat(6)}${String(index)}\n-----END KEY-----\n`,
  (index) => `^a.*[b-c]+(d|e)?$${String(index)}\\d{2,}`,
  (index) => `$& $1 $$ \\0 ${String(index)} \${x}`,
  (index) => `pä§ßwörd→${String(index)}😀🔑`,
  (index) => `a+b/c=d&e%20f?g#${String(index)}`,
  (index) => `"quoted" 'single' \`back\` ${String(index)}`,
  (index) => `tab\tand\rreturn${String(index)}`,
  (index) => `postgres://app:S3cr${String(index)}@db/shop`,
  (index) => `S3cr${String(index)}`,
  (index) => `aaaaaaaa${"a".repeat(index % 7)}b${String(index)}`,
  (index) => `<xml attr="${String(index)}">&amp;</xml>`,
  (index) => `{"json":"${String(index)}","nested":{"a":[1]}}`,
  (index) => `\u001b[31mred${String(index)}\u001b[0m`,
  (index) => `${"long-".repeat(400)}${String(index)}`,
  (index) => `#{ruby} #$x ${String(index)}`,
  (index) => `--dash=${String(index)}`,
  (index) => `~!*'()${String(index)}~`,
];

/** 300 different secrets; some are in others. */
export const NASTY: readonly string[] = Array.from(
  { length: 300 },
  (_, index) => SHAPES[index % SHAPES.length]?.(index) ?? "",
);

const ALL = `const all = Object.keys(process.env).filter((name) => /^N\\d+$/.test(name)).map((name) => process.env[name]);
const out = (text) => require("node:fs").writeSync(1, text);
`;

/** Programs for Node that print all of `N0`, `N1`, … in one way each. */
export const ECHOES: Readonly<Record<string, string>> = {
  "plain lines": `${ALL} for (const one of all) out("value: " + one + " end\\n");`,
  "standard error": `${ALL} for (const one of all) require("node:fs").writeSync(2, one + "\\n");`,
  "one byte a write": `${ALL} for (const one of all.slice(0, 60)) for (const byte of Buffer.from(one)) require("node:fs").writeSync(1, Buffer.from([byte]));`,
  "base64 of it alone": `${ALL} for (const one of all) out(Buffer.from(one).toString("base64") + "\\n");`,
  "base64 within other text": `${ALL} for (const [i, one] of all.entries()) out(Buffer.from("x".repeat(i % 3) + one + "tail").toString("base64") + "\\n");`,
  "base64 for URLs": `${ALL} for (const one of all) out(Buffer.from(one).toString("base64url") + "\\n");`,
  "base64 in lines of 76": `${ALL} for (const one of all) out(Buffer.from(one).toString("base64").replace(/.{76}/g, "$&\\n") + "\\n");`,
  encodeURIComponent: `${ALL} for (const one of all) out("?a=" + encodeURIComponent(one) + "\\n");`,
  "a form": `${ALL} for (const one of all) out(new URLSearchParams({ a: one }) + "\\n");`,
  JSON: `${ALL} out(JSON.stringify(process.env) + "\\n");`,
  "env of a shell": `require("node:child_process").spawnSync("env", { stdio: "inherit" });`,
  "lines with a prefix": `${ALL} for (const one of all) for (const line of one.split("\\n")) out("  | " + line + "\\n");`,
  "a child that writes to /dev/stdout": `${ALL} require("node:fs").appendFileSync("/dev/stdout", all.join("\\n"));`,
};
