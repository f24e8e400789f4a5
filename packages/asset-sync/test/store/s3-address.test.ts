import { describe, expect, it } from "vitest";

import { bucketAddress, encodeKey, encodeQuery, type BucketPlace } from "../../src/store/s3-address.ts";

function urlOf(place: Partial<BucketPlace>): string {
  const { secure, host, path } = bucketAddress({ bucket: "shop-assets", region: "eu-west-1", ...place });
  return `${secure ? "https" : "http"}://${host}${path}`;
}

describe("the address of a bucket", () => {
  it.each([
    [{}, "https://shop-assets.s3.eu-west-1.amazonaws.com/"],
    [{ region: "us-east-1" }, "https://shop-assets.s3.us-east-1.amazonaws.com/"],
    [{ region: "aws-global" }, "https://shop-assets.s3.amazonaws.com/"],
    [{ region: "us-gov-west-1" }, "https://shop-assets.s3.us-gov-west-1.amazonaws.com/"],
    [{ region: "cn-north-1" }, "https://shop-assets.s3.cn-north-1.amazonaws.com.cn/"],
    [{ region: "us-iso-east-1" }, "https://shop-assets.s3.us-iso-east-1.c2s.ic.gov/"],
    [{ region: "us-isob-east-1" }, "https://shop-assets.s3.us-isob-east-1.sc2s.sgov.gov/"],
    [{ region: "eu-isoe-west-1" }, "https://shop-assets.s3.eu-isoe-west-1.cloud.adc-e.uk/"],
    [{ region: "us-isof-south-1" }, "https://shop-assets.s3.us-isof-south-1.csp.hci.ic.gov/"],
    [{ region: "eusc-de-east-1" }, "https://shop-assets.s3.eusc-de-east-1.amazonaws.eu/"],
    [{ bucket: "shop.assets" }, "https://s3.eu-west-1.amazonaws.com/shop.assets/"],
    [{ pathStyle: true }, "https://s3.eu-west-1.amazonaws.com/shop-assets/"],
    [{ fips: true }, "https://shop-assets.s3-fips.eu-west-1.amazonaws.com/"],
    [{ dualStack: true }, "https://shop-assets.s3.dualstack.eu-west-1.amazonaws.com/"],
    [{ fips: true, dualStack: true }, "https://shop-assets.s3-fips.dualstack.eu-west-1.amazonaws.com/"],
    [{ endpoint: "https://s3.example.com" }, "https://shop-assets.s3.example.com/"],
    [{ endpoint: "https://s3.example.com:8443", pathStyle: true }, "https://s3.example.com:8443/shop-assets/"],
    [{ endpoint: "https://s3.example.com/base/" }, "https://shop-assets.s3.example.com/base/"],
    [{ endpoint: "https://s3.example.com/base", pathStyle: true }, "https://s3.example.com/base/shop-assets/"],
    [{ endpoint: "https://s3.example.com", bucket: "shop.assets" }, "https://s3.example.com/shop.assets/"],
    [{ endpoint: "http://s3.example.com", bucket: "shop.assets" }, "http://shop.assets.s3.example.com/"],
    [{ endpoint: "http://localhost:9000" }, "http://shop-assets.localhost:9000/"],
    [{ endpoint: "http://127.0.0.1:9000" }, "http://127.0.0.1:9000/shop-assets/"],
    [{ endpoint: "http://[::1]:9000" }, "http://[::1]:9000/shop-assets/"],
  ] satisfies [Partial<BucketPlace>, string][])("at %j", (place, url) => {
    expect(urlOf(place)).toBe(url);
  });

  it("is connected to by a name without brackets and a port", () => {
    const address = bucketAddress({ bucket: "shop", region: "x", endpoint: "http://[::1]:9000" });
    expect(address).toMatchObject({ hostname: "::1", port: 9000, host: "[::1]:9000" });
  });

  it("is signed for its region, and that of all regions for the first one", () => {
    expect(bucketAddress({ bucket: "shop", region: "eu-west-1" }).region).toBe("eu-west-1");
    expect(bucketAddress({ bucket: "shop", region: "aws-global" }).region).toBe("us-east-1");
  });

  it.each(["fips", "dualStack"])("with an endpoint of its own has no %s", (name) => {
    expect(() => urlOf({ endpoint: "https://s3.example.com", [name]: true })).toThrow(
      expect.objectContaining({ code: "ASSET_SYNC_OPTION_INVALID", exitCode: 2 }),
    );
  });
});

describe("a text in an address", () => {
  it.each([
    ["assets/app-1a2b3c4d.js", "assets/app-1a2b3c4d.js"],
    ["a b/ü+&=?#%", "a%20b/%C3%BC%2B%26%3D%3F%23%25"],
    ["(it's)!*/~", "%28it%27s%29%21%2A/~"],
    ["", ""],
  ])("%j is encoded as it is signed", (key, encoded) => {
    expect(encodeKey(key)).toBe(encoded);
  });

  it("of a query stands in the order of the names", () => {
    expect(encodeQuery({ uploads: "", prefix: "a/b", "list-type": "2" })).toBe("list-type=2&prefix=a%2Fb&uploads=");
    expect(encodeQuery({})).toBe("");
  });
});
