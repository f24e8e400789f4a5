import type { ImageInput, LintInput } from "../stage/image.ts";
import type { Database } from "./databases.ts";
import type { Font } from "./fonts.ts";
import type { Suite } from "./supported.ts";
import type { CiInput, PdfInput } from "./variant-options.ts";

/** What {@link rubyNode} takes. */
export interface RubyNodeInput {
  /** Names the image in tags. Default `ruby-node`. */
  readonly name?: string;
  /** `3.3` or `3.3.8`. */
  readonly ruby: string;
  /** `24` or `24.21.0`. */
  readonly node: string;
  /** The Debian release of both. */
  readonly suite: Suite;
  /** As in package.json: `yarn@1.22.22`. Without it the image has the npm that comes with node. */
  readonly packageManager?: string;
  /** The version under BUNDLED WITH in the Gemfile.lock; see `bundledWith`. Without it, ruby's own. */
  readonly bundler?: string;
  /** Whose client libraries the image has. Default `["postgresql"]`. */
  readonly databases?: readonly Database[];
  /** Whether jemalloc is preloaded. Default true, but false with `mallocArenaMax`. */
  readonly jemalloc?: boolean;
  /** How many arenas glibc's malloc may have (MALLOC_ARENA_MAX), for an image without jemalloc. */
  readonly mallocArenaMax?: number;
  /** Whether ruby compiles with YJIT from the start (RUBY_YJIT_ENABLE). Default false: Rails 7.2 and later switch it on. */
  readonly yjit?: boolean;
  /** Takes the symbols out of node: 18 MB less, and no names of native functions in crash dumps. Default false. */
  readonly stripNode?: boolean;
  /** As in the time zone database: `Asia/Tokyo`. Default: UTC, as the official images have it. */
  readonly timeZone?: string;
  /** `ja_JP.UTF-8`; the character set is always UTF-8. Default `C.UTF-8`. */
  readonly locale?: string;
  /** Fonts, the first being what pages and pictures get that name none. Default none. */
  readonly fonts?: readonly Font[];
  /** Authorities beyond Debian's. */
  readonly certificates?: CertificatesInput;
  /** Further Debian packages. */
  readonly packages?: { readonly runtime?: readonly string[]; readonly builder?: readonly string[] };
  /** A variant for jobs of CircleCI and GitHub: the builder with SSH, GnuPG, curl and unzip, as the user of production. */
  readonly ci?: boolean | CiInput;
  /** A variant that prints pages as PDF: Chromium's headless shell and fonts on Debian, without ruby. */
  readonly pdf?: boolean | PdfInput;
  /** Packages whose program is baked in, such as `@slipway/entrypoint`. Default none. */
  readonly programs?: readonly string[];
  /** What `base-image check` is not to report. */
  readonly lint?: LintInput;
  /** Where `base-image publish` puts it. Default: `name`. */
  readonly repository?: string;
  /** What each variant may come to. */
  readonly budget?: ImageInput["budget"];
  /** Where ruby comes from instead of the official image of this version and suite, such as a mirror. */
  readonly rubyImage?: string;
  /** Where node comes from instead of the official image of this version and suite. */
  readonly nodeImage?: string;
  /** What the `pdf` variant stands on instead of Debian's official slim image of the suite. */
  readonly debianImage?: string;
}

/** Whom an image and its build trust. */
export interface CertificatesInput {
  /** For ever: in the system's store, which ruby and node both read. What {@link certificate} gives. */
  readonly runtime?: readonly string[];
  /** While apt, npm and gem run in the build: the id of a secret that is a PEM file; in no layer. */
  readonly build?: string;
}
