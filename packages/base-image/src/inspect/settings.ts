import { FONTS, type Font } from "../recipe/fonts.ts";
import { shell, SILENCE, type Assertion } from "./assertion.ts";
import { asApp } from "./lifecycle.ts";

/** What a definition sets for every program in the image. */
export interface Settings {
  readonly timeZone: string | undefined;
  readonly locale: string;
  readonly fonts: readonly Font[];
  /** PEM texts of the authorities in the system's store. */
  readonly certificates: readonly string[];
}

/** Time zone, locale, fonts and authorities are those of the definition. They need nothing but Debian's own programs. */
export function settingAssertions({ timeZone, locale, fonts, certificates }: Settings): readonly Assertion[] {
  return [
    ...(timeZone === undefined ? [] : [timeZoneIs(timeZone)]),
    shell(`locale is ${locale}`, `printf '%s %s' "$LANG" "$(locale charmap)"; locale 2>&1 > /dev/null`, {
      kind: "text",
      text: `${locale} UTF-8`,
    }),
    ...fontAssertions(fonts),
    ...certificates.flatMap((text) => text.match(/^[A-Za-z0-9+/=\n]+$/gm) ?? []).map(isTrusted),
  ];
}

function timeZoneIs(zone: string): Assertion {
  const script = `test -f /usr/share/zoneinfo/${zone}; printf '%s %s' "$TZ" "$(readlink /etc/localtime)"`;
  return shell(`time zone is ${zone}`, script, { kind: "text", text: `${zone} /usr/share/zoneinfo/${zone}` });
}

function fontAssertions([first]: readonly Font[]): readonly Assertion[] {
  if (first === undefined) return [];
  const { sans, serif } = FONTS[first];
  return [
    ...Object.entries({ "sans-serif": sans, serif }).map(([generic, family]) =>
      shell(`${generic} is ${family}`, `LC_ALL=C fc-match --format='%{family[0]}' ${generic}:lang=ja`, {
        kind: "text",
        text: family,
      }),
    ),
    asApp(shell("the font cache is ready", STALE_CACHES, SILENCE)),
  ];
}

/** What fc-cache would have to read again. */
const STALE_CACHES = "HOME=/nonexistent fc-cache --verbose 2>&1 | grep 'caching, new cache contents' || true";

/** An authority is told by its base64, which the store's file has in lines. */
function isTrusted(base64: string): Assertion {
  const text = base64.replaceAll("\n", "");
  const script = `tr --delete '\\n' < /etc/ssl/certs/ca-certificates.crt | grep --count --fixed-strings '${text}'`;
  return shell(`the authority …${text.slice(-12)} is trusted`, script, { kind: "text", text: "1" });
}
