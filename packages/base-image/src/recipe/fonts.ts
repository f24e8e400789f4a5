import type { Stage } from "../stage/stage.ts";

/** Fonts that an image can have. */
export type Font = "ipaex" | "ipa" | "liberation" | "noto-cjk";

/** The Debian packages of a font, and its families by what pages ask for. */
export interface FontRule {
  readonly packages: readonly string[];
  readonly sans: string;
  readonly serif: string;
  /** The names of the two as a PDF has them. */
  readonly embedded: readonly [string, string];
}

/** The fonts: Japanese from 14 MB (IPAex) over 28 MB (IPA) to 93 MB (Noto, with Chinese and Korean), and Liberation for Latin. */
export const FONTS: Readonly<Record<Font, FontRule>> = {
  ipaex: {
    packages: ["fonts-ipaexfont-gothic", "fonts-ipaexfont-mincho"],
    sans: "IPAexGothic",
    serif: "IPAexMincho",
    embedded: ["IPAexGothic", "IPAexMincho"],
  },
  ipa: {
    packages: ["fonts-ipafont-gothic", "fonts-ipafont-mincho"],
    sans: "IPAPGothic",
    serif: "IPAPMincho",
    embedded: ["IPAPGothic", "IPAPMincho"],
  },
  liberation: {
    packages: ["fonts-liberation"],
    sans: "Liberation Sans",
    serif: "Liberation Serif",
    embedded: ["LiberationSans", "LiberationSerif"],
  },
  "noto-cjk": {
    packages: ["fonts-noto-cjk"],
    sans: "Noto Sans CJK JP",
    serif: "Noto Serif CJK JP",
    embedded: ["NotoSansCJKjp-Regular", "NotoSerifCJKjp-Regular"],
  },
};

/** The Debian packages of these fonts and of what finds them. */
export function fontPackages(fonts: readonly Font[]): readonly string[] {
  return fonts.length === 0 ? [] : ["fontconfig", ...fonts.flatMap((font) => FONTS[font].packages)];
}

/**
 * Makes the first font the one that pages get for sans-serif and serif, and writes the cache that the first page would wait
 * for. The cache knows its folders by their times to the nanosecond, and layers keep whole seconds.
 */
export function chooseFonts(fonts: readonly Font[]): (so: Stage) => Stage {
  if (fonts.length === 0) return (so) => so;
  const rules = fonts.map((font) => FONTS[font]);
  const file = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    "<fontconfig>",
    ...alias(
      "sans-serif",
      rules.map(({ sans }) => sans),
    ),
    ...alias(
      "serif",
      rules.map(({ serif }) => serif),
    ),
    "</fontconfig>",
  ];
  return (so) =>
    so
      .comment("The fonts pages get when they name none, and the cache of all")
      .write("/etc/fonts/local.conf", file.join("\n"))
      .run(
        [
          "find /usr/share/fonts /usr/local/share/fonts -type d | while read -r folder; do touch --date=@$(stat --format=%Y $folder) $folder; done",
          "fc-cache --system-only --force",
        ].join(" && "),
      );
}

function alias(generic: string, families: readonly string[]): readonly string[] {
  return [
    `  <alias binding="same">`,
    `    <family>${generic}</family>`,
    `    <prefer>${families.map((family) => `<family>${family}</family>`).join("")}</prefer>`,
    "  </alias>",
  ];
}
