import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isAllowedOrigin, isOriginPattern } from "../../../src/koa/transports/origin.js";

const host = "site.example:4000";

describe("isAllowedOrigin", () => {
  it('with "same" allows origins of the same host and port, of either scheme', () => {
    assert.ok(isAllowedOrigin("same", "http://site.example:4000", host));
    assert.ok(isAllowedOrigin("same", "https://SITE.example:4000", host));
    assert.ok(isAllowedOrigin("same", "https://site.example:443", "site.example"));
    assert.ok(isAllowedOrigin("same", "http://[::1]:4000", "[::1]:4000"));
    for (const origin of [
      "http://site.example",
      "http://site.example:4001",
      "http://a.site.example:4000",
      "http://site.example.evil:4000",
      "http://evil.example:4000",
    ]) {
      assert.ok(!isAllowedOrigin("same", origin, host), origin);
    }
  });

  it("refuses an origin without a host, unless any origin is allowed", () => {
    for (const origin of [
      "null",
      "file://",
      "file:///",
      "about:blank",
      "data:,x",
      "site.example:4000",
      " ",
    ]) {
      assert.ok(!isAllowedOrigin("same", origin, host), origin);
      assert.ok(!isAllowedOrigin("same", origin, ""), origin);
      assert.ok(!isAllowedOrigin(["//site.example"], origin, host), origin);
      assert.ok(!isAllowedOrigin(() => true, origin, host), origin);
      assert.ok(isAllowedOrigin("any", origin, host), origin);
    }
  });

  it("allows a request without an origin, because a page in a browser always sends one", () => {
    for (const allowed of ["same", "any", [], () => false] as const) {
      assert.ok(isAllowedOrigin(allowed, "", host));
      assert.ok(isAllowedOrigin(allowed, undefined, host));
    }
  });

  const patterns: [pattern: string, allows: string[], refuses: string[]][] = [
    [
      "https://site.example",
      ["https://site.example", "https://site.example:443", "https://SITE.EXAMPLE"],
      [
        "http://site.example",
        "https://site.example:8443",
        "https://a.site.example",
        "https://badsite.example",
      ],
    ],
    [
      "http://site.example:4000",
      ["http://site.example:4000"],
      ["http://site.example", "https://site.example:4000", "http://site.example:40000"],
    ],
    [
      "//site.example",
      ["http://site.example", "https://site.example", "http://site.example:4000"],
      ["http://a.site.example", "http://site.example.evil"],
    ],
    [
      "//site.example:443",
      ["https://site.example"],
      ["http://site.example", "https://site.example:444"],
    ],
    ["//site.example:80", ["http://site.example"], ["https://site.example"]],
    [
      "//*.example.com",
      ["https://example.com", "http://a.example.com", "https://a.b.example.com:8443"],
      ["https://badexample.com", "https://example.com.evil", "https://example.org"],
    ],
    [
      "https://*.example.com:8443",
      ["https://a.example.com:8443"],
      ["https://a.example.com", "http://a.example.com:8443", "https://badexample.com:8443"],
    ],
    ["HTTPS://Site.Example/", ["https://site.example"], ["http://site.example"]],
    ["http://[::1]:4000", ["http://[::1]:4000"], ["http://[::1]", "http://[::2]:4000"]],
    ["app://site", ["app://site"], ["http://site"]],
  ];
  for (const [pattern, allows, refuses] of patterns) {
    it(`matches an origin with the pattern ${pattern}`, () => {
      assert.ok(isOriginPattern(pattern));
      for (const origin of allows) assert.ok(isAllowedOrigin([pattern], origin, host), origin);
      for (const origin of refuses) assert.ok(!isAllowedOrigin([pattern], origin, host), origin);
    });
  }

  it("with a list allows only the origins of the list, even if the page has the same origin", () => {
    assert.ok(!isAllowedOrigin(["https://other.example"], "http://site.example:4000", host));
    assert.ok(!isAllowedOrigin([], "http://site.example:4000", host));
  });

  it("calls a function with the origin and the host and returns its result", () => {
    const calls: unknown[] = [];
    const allowed = (origin: URL, own: string) => calls.push([origin.href, own]) === 1;
    assert.ok(isAllowedOrigin(allowed, "https://a.example", host));
    assert.ok(!isAllowedOrigin(allowed, "http://site.example:4000", host));
    assert.deepEqual(calls, [
      ["https://a.example/", host],
      ["http://site.example:4000/", host],
    ]);
  });
});
