import { tempTree } from "@slipway/testkit";
import { describe, expect, it } from "vitest";

import { awsSetting, parseAwsFile, readAwsFiles } from "../../src/config/aws-files.ts";

describe("a file of the AWS tools", () => {
  it("has settings in sections, comments, and settings inside of others", () => {
    const text = `
# a comment
lost = before any section
[default]
region=eu-west-1 ; where we are
path = /a#b
[ profile "my shop" ]
s3 =
  max_concurrent_requests = 20
  endpoint_url = https://inside.example
output = json
not a setting
[default]
more = 1
`;
    expect(parseAwsFile(text)).toEqual(
      new Map([
        [
          "default",
          new Map([
            ["region", "eu-west-1"],
            ["path", "/a#b"],
            ["more", "1"],
          ]),
        ],
        [
          "profile my shop",
          new Map([
            ["s3", ""],
            ["s3.max_concurrent_requests", "20"],
            ["s3.endpoint_url", "https://inside.example"],
            ["output", "json"],
          ]),
        ],
      ]),
    );
  });

  it("is read for the profile in use, with its services", async () => {
    await using tree = await tempTree({
      ".aws/config":
        "[default]\nregion = a\n[profile shop]\nregion = b\nservices = own\n[services own]\ns3 =\n  endpoint_url = u\n",
      ".aws/credentials": "[shop]\nregion = c\naws_access_key_id = AKIA\n",
    });
    const files = readAwsFiles({ HOME: tree.path, AWS_PROFILE: "shop" });
    expect(files.services.get("s3.endpoint_url")).toBe("u");
    expect([awsSetting(files, "region"), awsSetting(files, "aws_access_key_id")]).toEqual(["b", "AKIA"]);
    expect(awsSetting(readAwsFiles({ HOME: tree.path }), "region")).toBe("a");
  });

  it("may be missing", () => {
    const files = readAwsFiles({ HOME: "/nowhere", AWS_PROFILE: "shop" });
    expect(awsSetting(files, "region")).toBeUndefined();
    expect(awsSetting(readAwsFiles({}), "region")).toBeUndefined();
  });
});
