import { arg, cache, defineImage, from, stage } from "@slipway/base-image";

const builder = from(arg("BASE_BUILDER", "slipway-base:builder"));
const printer = from(arg("BASE_PDF", "slipway-base:pdf"));

const bundle = stage("bundle", builder)
  .describe("The service and what it uses of its packages, in one folder")
  .workdir("/app")
  .copy(["image/package.json", "image/yarn.lock"], "./")
  .run("yarn install --frozen-lockfile --non-interactive --cache-folder /var/cache/yarn", {
    mounts: [cache("/var/cache/yarn", { id: "pdf-yarn", sharing: "locked" })],
  })
  .copy("src/", "src/")
  .run("yarn --silent bundle");

const service = stage("service", printer)
  .describe("What runs: read-only, with a temp folder of its own, as a user without rights")
  .copy("/app/service/", "./", { from: bundle })
  .comment(
    "Look-ups of names and files share these threads: a name server that does not answer must not take all of them",
  )
  .env({ NODE_ENV: "production", UV_THREADPOOL_SIZE: "64" })
  .comment("So a volume that is mounted there, as on Fargate, is open to the user too")
  .volume("/tmp")
  .expose(3000)
  .cmd(["node", "main.mjs"]);

/** The image of the PDF service. */
export default defineImage({
  name: "proff-pdf",
  context: ".",
  stages: [bundle, service],
  variants: { service },
  // 506 MB with Chromium 156, of which the service is 2
  budget: { service: { maxSize: "540 MB" } },
});
