import { from } from "../stage/base.ts";
import { stage, type Stage } from "../stage/stage.ts";
import { aptInstall } from "./apt.ts";

/** The locale every glibc has. */
export const PLAIN_LOCALE = "C.UTF-8";

/** What a locale is made from and where. */
export interface LocaleInput {
  readonly locale: string;
  /** An image of the suite it is for: locales are written for one glibc. */
  readonly image: string;
  readonly certificates: string | undefined;
}

/** A stage that compiles a locale, so that the sources of all others (17 MB) stay out of the image; none for {@link PLAIN_LOCALE}. */
export function localeStage({ locale, image, certificates }: LocaleInput): Stage | undefined {
  if (locale === PLAIN_LOCALE) return undefined;
  const language = locale.replace(/\.UTF-8$/, "");
  return stage("locale", from(image))
    .describe("The locale, compiled by what the image does not need")
    .with(aptInstall(["locales"], { certificates }))
    .run(`localedef --no-archive --inputfile=${language} --charmap=UTF-8 ${locale}`);
}

/** Takes the locale over and makes it the image's. */
export function setLocale(locale: string, made: Stage | undefined): (so: Stage) => Stage {
  const folder = `/usr/lib/locale/${locale.replace(/\.UTF-8$/, ".utf8")}/`;
  return (so) => (made === undefined ? so : so.copy(folder, folder, { from: made })).env({ LANG: locale });
}
