import { describe, expect, it } from "vitest";

import { isMarked, renderErb } from "../../../src/task/pending/app/erb.ts";

const SCOPE = { env: { HOST: "db.example", EMPTY: "" }, railsEnv: "production" };

describe("ERB in config/database.yml", () => {
  it.each([
    [`<%= ENV["HOST"] %>`, "db.example"],
    [`<%= ENV['HOST'] -%>`, "db.example"],
    [`<%=ENV["NONE"]%>`, ""],
    [`<%= ENV["NONE"] || "other" %>`, "other"],
    [`<%= ENV["NONE"] || ENV["HOST"] || 'x' %>`, "db.example"],
    [`<%= ENV["EMPTY"] || "other" %>`, ""],
    [`<%= ENV.fetch("HOST") %>`, "db.example"],
    [`<%= ENV.fetch("NONE", 5432) %>`, "5432"],
    [`<%= ENV.fetch('NONE') { "a || b" } %>`, "a || b"],
    [`<%= ENV.fetch("NONE", ENV["HOST"]) %>`, "db.example"],
    [`<%= ENV.fetch("NONE", nil) || "last" %>`, "last"],
    [`shop_<%= Rails.env %>`, "shop_production"],
    [`<%# a remark %>plain`, "plain"],
    ["plain", "plain"],
  ])("%s is %s", (value, text) => {
    expect(renderErb(`host: ${value}\n`, SCOPE)).toEqual({ text: `host: ${text}\n` });
  });

  it.each([
    `<%= ENV.fetch("NONE") %>`,
    `<%= Rails.application.credentials.db[:host] %>`,
    `<%= ENV["HOST"].downcase %>`,
    `<%= "#{ENV["HOST"]}:1" %>`,
    `<%= ENV.fetch("NONE") { compute } %>`,
    `<%= %>`,
  ])("%s is marked as what only Rails knows", (value) => {
    const rendered = renderErb(`a: 1\nhost: "${value}"\n`, SCOPE);
    expect("text" in rendered && isMarked(rendered.text)).toBe(true);
  });

  it.each([
    [`a: 1\n<% if ENV["HOST"] %>\nb: 2\n<% end %>\n`, "line 2 has Ruby that is more than a value"],
    [`a: 1\n<%= some_yaml %>\n`, "line 2 has Ruby that is more than a value"],
    [`a: 1\n<%= name %>: 2\n`, "line 2 has Ruby that is more than a value"],
  ])("%j may write anything", (text, unclear) => {
    expect(renderErb(text, SCOPE)).toEqual({ unclear });
  });

  it("passes over Ruby in a remark of YAML", () => {
    expect("text" in renderErb("# pool: <%= compute %>\na: 1\n", SCOPE)).toBe(true);
  });
});
