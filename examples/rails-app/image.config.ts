import {
  arg,
  assetInputs,
  bootsnapFolders,
  cache,
  copyAssetInputs,
  defineImage,
  from,
  script,
  secret,
  stage,
  surveyApp,
} from "@slipway/base-image";

const survey = surveyApp(new URL(".", import.meta.url));

const BUNDLE = "/usr/local/bundle/";

const bundler = {
  BUNDLE_DEPLOYMENT: "1",
  BUNDLE_PATH: "/usr/local/bundle",
  BUNDLE_WITHOUT: "development:test",
};

const builder = from(arg("BASE_BUILDER", "slipway-base:builder"));
const runtime = from(arg("BASE_RUNTIME", "slipway-base:runtime"));

const gems = stage("gems", builder)
  .describe("The gems of production and bootsnap's cache of them: rebuilt when the Gemfile changes")
  .workdir("/app")
  .copy(["Gemfile", "Gemfile.lock"], "./")
  .comment("The committed lock names no gem server; this adds the one RubyGems is configured with and moves no version")
  .run("bundle lock")
  .env(bundler)
  .run(
    script(
      "BUNDLE_GLOBAL_GEM_CACHE=1 bundle install",
      "bundle exec bootsnap precompile --gemfile",
      "rm -rf /usr/local/bundle/ruby/*/cache /usr/local/bundle/ruby/*/bundler/gems/*/.git",
      "find /usr/local/bundle -name '*.o' -delete -o -name mkmf.log -delete -o -name gem_make.out -delete",
    ),
    { mounts: [cache("/root/.bundle/cache", { id: "proff-gems", sharing: "locked" })] },
  );

const nodeModules = stage("node_modules", builder)
  .describe("What compiles the assets; it stays in this stage and the next ones")
  .workdir("/app")
  .copy(["package.json", "yarn.lock"], "./")
  .run("yarn install --frozen-lockfile --non-interactive --cache-folder /var/cache/yarn", {
    mounts: [cache("/var/cache/yarn", { id: "proff-yarn", sharing: "locked" })],
  });

const assets = stage("assets", gems)
  .describe("The compiled assets: only what they are made of is copied, so a changed view or model compiles nothing")
  .env({ RAILS_ENV: "production" })
  .copy("/app/node_modules/", "node_modules/", { from: nodeModules })
  .with(copyAssetInputs(assetInputs(survey)))
  .run("SECRET_KEY_BASE_DUMMY=1 SKIP_YARN_INSTALL=1 bin/rails assets:precompile");

const synced = stage("synced", assets)
  .describe("The assets are in the store before the image that names them exists; the receipt is what it takes along")
  .run("AWS_SHARED_CREDENTIALS_FILE=/run/secrets/aws asset-sync sync public", {
    mounts: [secret("aws")],
    args: ["TO", "RELEASE", "ENDPOINT", "REGION", "PATH_STYLE"].map((name) => arg(`ASSET_SYNC_${name}`)),
  });

const test = stage("test", assets)
  .describe("The app's own tests: run it with DATABASE_URL naming a database that does not exist yet")
  .env({ RAILS_ENV: "test", SKIP_CSS_BUILD: "1", SKIP_JS_BUILD: "1" })
  .copy("config.ru", "./")
  .copy("bin/", "bin/")
  .copy("config/", "config/")
  .copy("app/", "app/")
  .copy("db/", "db/")
  .copy("test/", "test/")
  .cmd(["sh", "-c", "bin/rails db:create && bin/rails test; code=$?; bin/rails db:drop; exit $code"]);

const bootsnap = bootsnapFolders(survey)
  .reduce(
    (so, folder) => so.copy(`${folder}/`, `${folder}/`),
    stage("bootsnap", gems).describe(
      "bootsnap's cache of the app itself; a view, a script or a stylesheet changes nothing here",
    ),
  )
  .run("bundle exec bootsnap precompile --cache-dir /bootsnap -j 0 app config");

const app = stage("app", runtime)
  .describe("What runs in production; what changes with every deploy comes last, so that a push is small")
  .user("root")
  .workdir("/app")
  .comment("Files of the app may have other times than where bootsnap compiled them; then their content decides")
  .env({ ...bundler, BOOTSNAP_READONLY: "1", BOOTSNAP_REVALIDATE: "1", RAILS_ENV: "production" })
  .comment("Photos go there where no bucket is named; nothing else is written to the app's own folder")
  .run("install --directory --owner=app --group=app storage")
  .copy(BUNDLE, BUNDLE, { from: gems })
  .copy(["/app/Gemfile", "/app/Gemfile.lock"], "./", { from: gems })
  .copy("/app/tmp/cache/", "tmp/cache/", { from: gems })
  .copy(["Rakefile", "config.ru", "entrypoint.json"], "./")
  .copy("bin/", "bin/")
  .copy("public/", "public/")
  .copy("/app/public/assets/", "public/assets/", { from: assets })
  .copy("config/", "config/")
  .copy("db/", "db/")
  .copy("/bootsnap/", "tmp/cache/", { from: bootsnap })
  .copy("app/", "app/")
  .copy("/app/public/.asset-receipt.json", "public/", { from: synced })
  .user("1000:1000")
  .expose(3000)
  .entrypoint(["/usr/bin/tini", "--", "entrypoint", "run", "--"])
  .cmd(["bundle", "exec", "puma"]);

/** The image of the example application and, as another variant, the one its tests run in. */
export default defineImage({
  name: "proff",
  context: ".",
  stages: [gems, nodeModules, assets, synced, test, bootsnap, app],
  variants: { app, test },
});
