import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isHostOf, toComparableHost } from "../../../src/koa/connection/host.js";

const page = new URL("https://example.com/page");

describe("the host of a request", () => {
  for (const host of ["example.com", "example.com:443", "example.com:80", "EXAMPLE.com."]) {
    it(`${host} is the host of a page at https://example.com`, () => {
      assert.ok(isHostOf(page, host));
      assert.ok(isHostOf(new URL("https://example.com./"), host));
    });
  }

  for (const host of ["", "example.com:4000", "a.example.com", "example.com@evil", "evil/"]) {
    it(`"${host}" is not the host of a page at https://example.com`, () => {
      assert.ok(!isHostOf(page, host));
    });
  }

  it("may be an IPv6 address", () => {
    assert.ok(isHostOf(new URL("http://[::1]:4000"), "[::1]:4000"));
    assert.ok(!isHostOf(new URL("http://[::1]:4001"), "[::1]:4000"));
    assert.equal(toComparableHost("https:", "[::80]:80"), "[::80]");
  });

  it("has a port of its own if it is the default of another scheme", () => {
    const plain = new URL("http://example.com/page");
    assert.ok(isHostOf(plain, "example.com:80"));
    assert.ok(!isHostOf(plain, "example.com:443"));
    assert.ok(isHostOf(new URL("http://example.com:443"), "example.com:443"));
  });

  it("has no comparable form if it is malformed", () => {
    for (const host of ["", "a b", "a/b", "a@b", "a:b"]) {
      assert.equal(toComparableHost("https:", host), undefined, host);
    }
  });
});
