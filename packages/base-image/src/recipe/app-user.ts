import type { Stage } from "../stage/stage.ts";

/** The user an image runs as; the ids stay the same so that volumes and COPY --chown can rely on them. */
export const APP_USER: Readonly<{ name: string; uid: number; gid: number }> = { name: "app", uid: 1000, gid: 1000 };

/** The folder that belongs to {@link APP_USER}. */
export const APP_DIRECTORY = "/app";

/** A second tini for images without a libc, which comes with the first. */
export const TINI_STATIC = "/usr/bin/tini-static";

/** Makes {@link APP_USER}, its home and {@link APP_DIRECTORY}. */
export function addAppUser(so: Stage): Stage {
  const { name, uid, gid } = APP_USER;
  return so.run(
    [
      `groupadd --gid ${gid} ${name}`,
      `useradd --uid ${uid} --gid ${gid} --create-home --shell /bin/bash ${name}`,
      `install --directory --owner=${name} --group=${name} ${APP_DIRECTORY}`,
      "rm -rf /var/log/lastlog /var/log/faillog",
    ].join(" && "),
  );
}

/** A command run by {@link APP_USER}, whose home is in memory while a build proves something. */
export function asAppUser(command: string): string {
  const { uid, gid } = APP_USER;
  return `setpriv --reuid=${uid} --regid=${gid} --clear-groups env HOME=/tmp ${command}`;
}

/** The image runs as {@link APP_USER} from here on. */
export function runAsAppUser(so: Stage): Stage {
  return so.user(`${APP_USER.uid}:${APP_USER.gid}`);
}
