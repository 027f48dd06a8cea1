import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  isDestination,
  isLocalPath,
  navigate,
  patch,
  redirect,
} from "../../../src/live/socket/navigation.js";
import { liveError } from "../../support/live-error.js";

const local = [
  "/",
  "/a",
  "/a/b?c=d&e=//x#f",
  "/a//b",
  "/?next=https://example.com",
  "/é",
  "/a b",
  "/.",
];
const hostile = [
  "",
  "a",
  "./a",
  "//example.com",
  "///example.com",
  "/\\example.com",
  "\\\\example.com",
  "/a\\b",
  "/\t/example.com",
  "/\n/example.com",
  "/\r/example.com",
  "\t//example.com",
  " //example.com",
  "/a\u0000b",
  "/a\u001fb",
  "/a\u007fb",
  "https://example.com",
  "javascript:alert(1)",
  "?a",
  "#a",
];

describe("isLocalPath", () => {
  for (const path of local)
    it(`accepts ${JSON.stringify(path)}`, () => assert.ok(isLocalPath(path)));
  for (const path of hostile)
    it(`refuses ${JSON.stringify(path)}`, () => assert.ok(!isLocalPath(path)));

  it("accepts no path that a browser resolves to another site", () => {
    for (const path of local) {
      assert.equal(new URL(path, "https://own.test/page").origin, "https://own.test", path);
    }
  });
});

describe("redirect", () => {
  it("accepts a local path, with status 302 by default", () => {
    assert.deepEqual(redirect("/a"), { type: "redirect", to: "/a", status: 302 });
    assert.equal(
      redirect("/a?called=true&inlined=true", { status: 301 }).to,
      "/a?called=true&inlined=true",
    );
    assert.equal(redirect("/a", { status: 301 }).status, 301);
  });

  const external = [
    "https://example.com/a",
    "http://example.com/",
    "mailto:a@example.com",
    "tel:+123",
    "sms:123",
    "ftp://example.com/",
    "geo:1,2",
    "webcal://example.com/",
    "/local",
  ];
  for (const url of external) {
    it(`accepts ${url} as external`, () => {
      assert.equal(redirect({ external: url }).to, url);
    });
  }

  const refused = [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://example.com/1",
    "//example.com",
    "example.com",
    "",
    undefined,
    5,
  ];
  for (const url of refused) {
    it(`refuses ${JSON.stringify(url)} even as external`, () => {
      assert.throws(
        () => redirect({ external: url as string }),
        liveError(
          "LIVE_ERR_NAVIGATION",
          "external target of redirect is not a URL",
          "Expected: ",
          "Got: ",
        ),
      );
    });
  }

  it("names the kind of a refused target without the target, which may contain a token", () => {
    const kinds: [to: unknown, kind: string][] = [
      ["https://example.com/secret", "an absolute URL"],
      ["javascript:secret", "a URL with another scheme"],
      ["//example.com/secret", "a URL of another host"],
      ["/\\example.com/secret", "a URL of another host"],
      ["/a\\secret", "a path with a backslash"],
      ["/secret\n", "a string with control characters"],
      ["secret", "a relative path"],
      ["", "an empty string"],
      [["secret"], "an array of length 1"],
    ];
    for (const [to, kind] of kinds) {
      const refused = (error: Error) =>
        error.message.endsWith(`\nGot: ${kind}`) && !error.message.includes("secret");
      assert.throws(() => navigate(to as string), refused, kind);
      if (kind === "an absolute URL" || kind.startsWith("an array")) continue;
      assert.throws(() => redirect({ external: to as string }), refused, kind);
    }
  });

  for (const path of ["/%09/example.com", "/%0A/example.com", "/%5cexample.com", "/%7f"]) {
    it(`refuses ${path}, which some servers decode`, () => {
      assert.throws(() => redirect(path), liveError("LIVE_ERR_NAVIGATION"));
      assert.throws(() => redirect({ external: path }), liveError("LIVE_ERR_NAVIGATION"));
      assert.equal(isLocalPath(path), false);
    });
  }

  it("names the option external in the error for an external URL", () => {
    for (const to of ["https://example.com", undefined, null, 5]) {
      assert.throws(
        () => redirect(to as string),
        liveError(
          "LIVE_ERR_NAVIGATION",
          "target of redirect is not a local path",
          "or { external: url }",
        ),
      );
    }
  });
});

for (const [name, go] of Object.entries({ redirect, navigate, patch })) {
  describe(name, () => {
    for (const path of hostile) {
      it(`refuses ${JSON.stringify(path)}`, () => {
        assert.throws(
          () => go(path),
          liveError("LIVE_ERR_NAVIGATION", `target of ${name} is not a local path`),
        );
      });
    }
  });
}

describe("navigate and patch", () => {
  it("add a history entry unless they replace it", () => {
    assert.deepEqual(navigate("/a"), { type: "navigate", to: "/a", kind: "push" });
    assert.deepEqual(navigate("/a", { replace: true }), {
      type: "navigate",
      to: "/a",
      kind: "replace",
    });
    assert.deepEqual(patch("/a"), { type: "patch", to: "/a", kind: "push" });
    assert.deepEqual(patch("/a", { replace: true }), { type: "patch", to: "/a", kind: "replace" });
  });
});

describe("isDestination", () => {
  it("accepts only redirects and navigations", () => {
    assert.ok(isDestination(redirect("/")));
    assert.ok(isDestination(navigate("/")));
    for (const other of [patch("/"), undefined, null, "/", {}]) assert.ok(!isDestination(other));
  });
});
