import type { AppSurvey } from "../../../src/recipe/assets/app-survey.ts";
import { surveyOf } from "../../../src/recipe/assets/app-survey.ts";

/** An application by the text of its files, with gems and packages; what Rails always has is there too. */
export function app(
  files: Readonly<Record<string, string>>,
  { gems = {}, packages = {} }: { gems?: Record<string, string>; packages?: Record<string, string> } = {},
): AppSurvey {
  const lock = Object.entries(gems).map(([name, version]) => `    ${name} (${version})\n`);
  const all = {
    ...RAILS,
    "Gemfile.lock": `GEM\n  specs:\n${lock.join("")}`,
    "package.json": JSON.stringify({ dependencies: packages }),
    ...files,
  };
  return surveyOf(Object.keys(all), new Map(Object.entries(all)));
}

const RAILS: Readonly<Record<string, string>> = {
  "README.md": "",
  Gemfile: "",
  Rakefile: 'require_relative "config/application"',
  "app/controllers/posts_controller.rb": "",
  "app/models/post.rb": "",
  "app/views/posts/index.html.erb": "",
  "bin/rails": "",
  "config/application.rb": 'require_relative "boot"',
  "config/boot.rb": "",
  "config/environment.rb": "",
  "config/environments/production.rb": "",
  "config/initializers/filter_parameter_logging.rb": "# no assets here\nparams",
  "config/routes.rb": "",
  "db/migrate/1_posts.rb": "",
  "test/post_test.rb": "",
};

/** What every list holds of the application above. */
export const ALWAYS: readonly string[] = [
  "Gemfile",
  "Gemfile.lock",
  "Rakefile",
  "bin/rails",
  "config/application.rb",
  "config/boot.rb",
  "config/environment.rb",
  "config/environments/production.rb",
  "package.json",
];
