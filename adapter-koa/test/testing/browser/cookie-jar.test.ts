import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CookieJar } from "../../../src/testing/browser/cookie-jar.js";

describe("CookieJar", () => {
  it("keeps cookies, and deletes those that expire", () => {
    const jar = new CookieJar({ a: "1" });
    jar.take(["b=2; Path=/; HttpOnly", "c=3; Max-Age=60", "d=x=y"]);
    assert.equal(jar.header, "a=1; b=2; c=3; d=x=y");
    jar.take(["a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "b=; max-age=0"]);
    assert.equal(jar.header, "c=3; d=x=y");
    jar.clear();
    assert.equal(jar.header, "");
  });
});
