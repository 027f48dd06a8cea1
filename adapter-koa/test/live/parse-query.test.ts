import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseQuery } from "../../src/live/parse-query.js";

describe("parseQuery", () => {
  const cases: [query: string, params: object][] = [
    ["", {}],
    ["a=1&b=2", { a: "1", b: "2" }],
    ["q=a+b%20c%2B", { q: "a b c+" }],
    ["q", { q: "" }],
    ["a=1&a=2", { a: "2" }],
    ["user[admin]=false&user[admin]=true", { user: { admin: "true" } }],
    ["tags[]=&tags[]=a&tags[]=a", { tags: ["", "a", "a"] }],
    ["user[email]=x&user[tags][]=1&user[tags][]=2", { user: { email: "x", tags: ["1", "2"] } }],
    ["q=100%", { q: "100%" }],
    ["q=%E0%A4%A", { q: "%E0%A4%A" }],
  ];
  for (const [query, params] of cases) {
    it(`decodes ${JSON.stringify(query)}`, () => {
      assert.deepEqual(JSON.parse(JSON.stringify(parseQuery(query))), params);
    });
  }

  it("never pollutes a prototype", () => {
    const query =
      "__proto__[polluted]=1&a[__proto__][polluted]=1&constructor[prototype][polluted]=1&__proto__=1&toString=x";
    const params = parseQuery(query);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
    assert.equal((params as Record<string, unknown>).polluted, undefined);
    assert.equal((params.a as Record<string, unknown> | undefined)?.polluted, undefined);
    assert.equal(Object.getPrototypeOf(params), Object.prototype);
    assert.equal(Object.hasOwn(params, "__proto__"), false);
    const { polluted } = { ...params } as Record<string, unknown>;
    assert.equal(polluted, undefined);
  });

  it("returns objects that can be converted", () => {
    const params = parseQuery("page[x]=1&name[toString]=1&name[valueOf]=2&list[a][b]=1");
    assert.ok(Number.isNaN(Number(params.page)));
    assert.equal(String(params.page), "[object Object]");
    assert.equal(String(params.name), "[object Object]");
    assert.ok(Number.isNaN(new Date(params.list as never).getTime()));
  });

  it("allocates little for high list indexes", () => {
    const fields = Array.from({ length: 1000 }, (_, i) => `k${i}[999][999]=1`);
    const decoded = Object.keys(parseQuery(fields.join("&")));
    assert.ok(decoded.length < 10, `${decoded.length} fields with 2000 elements each`);
    const encoded = Object.keys(parseQuery(fields.join("&").replaceAll("[", "%5B")));
    assert.equal(encoded.length, decoded.length);
  });

  it("decodes rows with ids and rows in order", () => {
    const rows = Array.from({ length: 400 }, (_, i) => `rows[${i}][id]=${i}`).join("&");
    assert.equal((parseQuery(rows).rows as unknown[]).length, 400);
    const ids = Array.from({ length: 400 }, (_, i) => `rows[${i * 5000 + 600}][id]=${i}`);
    assert.equal(Object.keys(parseQuery(ids.join("&")).rows as object).length, 400);
  });

  it("stays within its limits", () => {
    const many = Array.from({ length: 5000 }, (_, i) => `k${i}=1`).join("&");
    assert.equal(Object.keys(parseQuery(many)).length, 1000);
    let depth = 0;
    let value: unknown = parseQuery(`a${"[b]".repeat(500)}=1`);
    while (typeof value === "object" && value !== null) {
      value = Object.values(value)[0];
      depth++;
    }
    assert.ok(depth <= 11, `nested ${depth} deep`);
    const sparse = parseQuery("a[99999999]=1");
    assert.ok(Object.keys(sparse.a as object).length === 1 && !Array.isArray(sparse.a));
  });
});
