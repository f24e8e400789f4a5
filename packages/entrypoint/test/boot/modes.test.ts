import { expect, it } from "vitest";

import { modeOf } from "../../src/boot/modes.ts";

it.each([
  ["bundle exec puma -C config/puma.rb", "web"],
  ["./bin/thrust ./bin/rails server", "web"],
  ["bin/rails s", "web"],
  ["nginx -g daemon", "web"],
  ["sh -c something", "web"],
  ["", "web"],
  ["bundle exec sidekiq -q default", "worker"],
  ["bin/jobs", "worker"],
  ["bin/rails solid_queue:start", "worker"],
  ["rake jobs:work", "worker"],
  ["bin/rails db:migrate", "migrate"],
  ["bundle exec rake db:prepare", "migrate"],
  ["bin/rails c", "console"],
  ["rails runner puts", "console"],
  ["bash", "console"],
  ["bundle exec rake sitemap:refresh", "sitemap"],
])("takes %s for %s", (command, mode) => {
  expect(modeOf(command.split(" ").filter(Boolean))).toBe(mode);
});
