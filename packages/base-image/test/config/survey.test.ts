import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { surveyFolder } from "../../src/config/survey.ts";
import { rejection } from "../rejection.ts";

async function survey(files: Readonly<Record<string, string>>): ReturnType<typeof surveyFolder> {
  await using tree = await tempTree(files);
  return await surveyFolder(tree.path);
}

describe("surveyFolder", () => {
  it("takes what the folder says", async () => {
    const found = await survey({
      ".ruby-version": "ruby-3.3.8\n",
      ".node-version": "v24.21.0\n",
      "package.json": '{ "packageManager": "yarn@1.22.22+sha512.abc" }',
      "Gemfile.lock": "GEM\n  specs:\n    pg (1.6.2)\n    rails (8.1.3)\n\nBUNDLED WITH\n   2.5.22\n",
    });
    expect(found).toEqual({
      ruby: { version: "3.3.8", note: "from .ruby-version" },
      node: { version: "24.21.0", note: "from .node-version" },
      packageManager: "yarn@1.22.22",
      bundledWith: "2.5.22",
      databases: ["postgresql"],
    });
  });

  it.each(["3.3.8", "ruby-3.3.8", "3.3.8p144", "ruby-3.3.8@shop", "3.3.8\r\n"])("reads %j", async (text) => {
    expect((await survey({ ".ruby-version": text })).ruby.version).toBe("3.3.8");
  });

  it.each([
    [".ruby-version", "jruby-9.4"],
    [".ruby-version", "3.4.0-preview2"],
    [".node-version", "lts/jod"],
    [".node-version", "system"],
    [".node-version", ""],
  ])("says that %s holding %j names no version", async (file, text) => {
    const { ruby, node } = await survey({ [file]: `${text}\n` });
    const note = `${file} holds ${JSON.stringify(text)}, which names no version`;
    expect(file === ".ruby-version" ? ruby : node).toEqual({ version: undefined, note });
  });

  it("takes ruby from Gemfile.lock where .ruby-version names none", async () => {
    const lock = "RUBY VERSION\n   ruby 3.3.5p100\n";
    expect((await survey({ "Gemfile.lock": lock })).ruby).toEqual({ version: "3.3.5", note: "from Gemfile.lock" });
  });

  it.each([
    [{ ".ruby-version": "3.1.2\n" }, "BASE_IMAGE_VERSION_UNSUPPORTED", '.ruby-version: ruby is "3.1.2"; expected 3.2,'],
    [{ "Gemfile.lock": "RUBY VERSION\n   ruby 2.7.1p1\n" }, "BASE_IMAGE_VERSION_UNSUPPORTED", "Gemfile.lock: ruby is"],
    [{ ".node-version": "18" }, "BASE_IMAGE_VERSION_UNSUPPORTED", '.node-version: node is "18"; expected 20,'],
    [
      { "package.json": '{"packageManager":"yarn"}' },
      "BASE_IMAGE_PACKAGE_MANAGER",
      'package.json: packageManager is "yarn"',
    ],
    [{ "Gemfile.lock": "BUNDLED WITH\n   two\n" }, "BASE_IMAGE_INVALID_VALUE", 'Gemfile.lock: bundler is "two"'],
    [{ "package.json": "{ name: x }" }, "BASE_IMAGE_FOLDER_UNREADABLE", "package.json is not JSON"],
    [{ "package.json": "[]" }, "BASE_IMAGE_FOLDER_UNREADABLE", "expected a JSON object"],
    [{ ".ruby-version/x": "" }, "BASE_IMAGE_FOLDER_UNREADABLE", ".ruby-version cannot be read"],
  ])("refuses %j", async (files, code, message) => {
    const error = await rejection(() => survey(files));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toContain(message);
  });
});
