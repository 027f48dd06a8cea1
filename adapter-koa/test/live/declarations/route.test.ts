import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveRouter } from "../../../src/live/declarations/live-router.js";
import { parseQuery } from "../../../src/live/parse-query.js";
import { liveError } from "../../support/live-error.js";
import { counterLive, emptyLive } from "../../support/views/counter-live.js";

const routerWith = (...paths: string[]): LiveRouter => {
  const router = new LiveRouter();
  const routes = router.liveSession("tested");
  for (const path of paths) routes.live(path, emptyLive);
  return router;
};
const pathOf = (router: LiveRouter, path: string, search = "") =>
  router.match(path, search)?.route.path;
const paramsOf = (router: LiveRouter, path: string, search = "") => ({
  ...router.match(path, search)?.params,
});

describe("a live route", () => {
  it("leads to its view, action and live session", () => {
    const router = new LiveRouter();
    router.liveSession("tested").live("/a", counterLive, "show").live("/b", emptyLive);
    const a = router.match("/a")?.route;
    assert.equal(a?.view, counterLive);
    assert.equal(a?.liveAction, "show");
    assert.equal(a?.liveSession.name, "tested");
    assert.equal(router.match("/b")?.route.liveAction, null);
  });

  it("matches the whole path, with or without a slash at the end, and nothing else", () => {
    const router = routerWith("/", "/a/b", "/users/:id");
    assert.equal(pathOf(router, "/"), "/");
    assert.equal(pathOf(router, "/a/b/"), "/a/b");
    assert.equal(pathOf(router, "/users/1/"), "/users/:id");
    for (const path of ["/a", "/a/b/c", "/users", "/users/1/2", "", "/users//"]) {
      assert.equal(pathOf(router, path), undefined, path);
    }
  });

  it("tells capital letters apart, with and without a pattern", () => {
    const router = routerWith("/users", "/users/:id");
    assert.equal(pathOf(router, "/Users"), undefined);
    assert.equal(pathOf(router, "/Users/1"), undefined);
  });

  it("decodes path params", () => {
    const router = routerWith("/users/:id", "/files/*rest");
    assert.deepEqual(paramsOf(router, "/users/a%20b%2Fc%C3%A9"), { id: "a b/cé" });
    assert.deepEqual(paramsOf(router, "/users/a+b"), { id: "a+b" });
    assert.deepEqual(paramsOf(router, "/files/a/b%20c"), { rest: ["a", "b c"] });
  });

  it("may be written in any script", () => {
    const router = routerWith("/café", "/größen/:größe");
    assert.equal(pathOf(router, "/caf%C3%A9"), "/café");
    assert.deepEqual(paramsOf(router, "/gr%C3%B6%C3%9Fen/42"), { größe: "42" });
  });

  it("takes no path with a malformed percent sign for its own", () => {
    assert.equal(pathOf(routerWith("/users/:id"), "/users/%E0%A4%A"), undefined);
    assert.equal(pathOf(routerWith("/users/:id"), "/users/%"), undefined);
  });

  it("lays path params over the query's", () => {
    assert.deepEqual(paramsOf(routerWith("/users/:id"), "/users/1", "?id=2&tab=a"), {
      id: "1",
      tab: "a",
    });
  });

  it("reads the query with or without its question mark", () => {
    const router = routerWith("/a");
    assert.deepEqual(paramsOf(router, "/a", "?q=1"), { q: "1" });
    assert.deepEqual(paramsOf(router, "/a", "q=1"), { q: "1" });
    assert.deepEqual(paramsOf(router, "/a", "?"), {});
    assert.deepEqual(paramsOf(router, "/a"), {});
  });

  it("yields to the one declared before it", () => {
    assert.equal(pathOf(routerWith("/users/:id", "/users/new"), "/users/new"), "/users/:id");
    assert.equal(pathOf(routerWith("/users/new", "/users/:id"), "/users/new"), "/users/new");
    assert.equal(pathOf(routerWith("/:a/x", "/users/:id"), "/users/x"), "/:a/x");
  });

  it("is refused when its path stands there already, in whichever live session", () => {
    const router = routerWith("/a", "/users/:id");
    for (const path of ["/a", "/users/:id"]) {
      assert.throws(
        () => router.liveSession(`again ${path}`).live(path, emptyLive),
        liveError("LIVE_ERR_ROUTE", `the live route ${path} is declared twice`),
      );
    }
  });

  for (const path of ["", "a", undefined, null, 5, {}]) {
    it(`is refused with ${JSON.stringify(path)} as its path`, () => {
      assert.throws(
        () => routerWith(path as string),
        liveError("LIVE_ERR_ROUTE", 'a path pattern that starts with "/"', "Got: "),
      );
    });
  }

  it("is refused with a pattern that is none, which the error tells with its cause", () => {
    assert.throws(
      () => routerWith("/users/:"),
      (error: Error) => {
        liveError("LIVE_ERR_ROUTE", "/users/:", "path-to-regexp")(error);
        return error.cause instanceof TypeError;
      },
    );
  });
});

describe("the manifest of a live session", () => {
  const inside = ["/", "/café", "/users/:id", "/files/*rest", "/a{/b}", "/dot.ted", "/slash/"];
  const router = new LiveRouter();
  const routes = router.liveSession("inside");
  router.liveSession("outside").live("/users/new", emptyLive).live("/secret", emptyLive);
  for (const path of inside) routes.live(path, emptyLive);
  const liveSession = router.match("/")?.route.liveSession;
  assert.ok(liveSession);
  const manifest = new RegExp(router.manifestOf(liveSession) ?? assert.fail());

  it("matches what its routes do", () => {
    const paths = [
      "/",
      "/caf%C3%A9",
      "/users/1",
      "/users/a%2Fb",
      "/files/a/b",
      "/a",
      "/a/b",
      "/dot.ted",
      "/slash/",
    ];
    for (const path of [...paths, ...paths.map((path) => `${path}/`)]) {
      assert.equal(router.match(path)?.route.liveSession, liveSession, path);
      assert.ok(manifest.test(path), path);
    }
  });

  it("matches nothing else", () => {
    const paths = [
      "/café",
      "/Users/1",
      "/users",
      "/users/1/2",
      "/files",
      "/a/c",
      "/dotted",
      "/slash",
      "/secret",
      "",
    ];
    for (const path of paths) {
      assert.equal(router.match(path)?.route.liveSession === liveSession, false, path);
      assert.equal(manifest.test(path), false, path);
    }
  });

  it("may match a path that is another's, but tells nothing of the other's routes", () => {
    assert.ok(manifest.test("/users/new"));
    assert.equal(router.match("/users/new")?.route.liveSession.name, "outside");
    assert.doesNotMatch(manifest.source, /new|secret/);
  });

  it("has the routes that come later", () => {
    routes.live("/later", emptyLive);
    assert.match("/later", new RegExp(router.manifestOf(liveSession) ?? assert.fail()));
  });

  for (const [count, path] of [
    [200, "/a/route/with/a/long/path/number"],
    [300, "/r"],
  ] as const) {
    it(`is left out where it would be long, as with ${count} routes`, () => {
      const router = routerWith(...Array.from({ length: count }, (_, i) => path + i));
      const liveSession = router.match(`${path}0`)?.route.liveSession;
      assert.equal(liveSession && router.manifestOf(liveSession), undefined);
    });
  }
});

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
    it(`reads ${JSON.stringify(query)}`, () => {
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
