import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveRouter } from "../../../src/live/declarations/live-router.js";
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
  it("has a view, a live action and a live session", () => {
    const router = new LiveRouter();
    router.liveSession("tested").live("/a", counterLive, "show").live("/b", emptyLive);
    const a = router.match("/a")?.route;
    assert.equal(a?.view, counterLive);
    assert.equal(a?.liveAction, "show");
    assert.equal(a?.liveSession.name, "tested");
    assert.equal(router.match("/b")?.route.liveAction, null);
  });

  it("matches the whole path, with or without a trailing slash, and no other path", () => {
    const router = routerWith("/", "/a/b", "/users/:id");
    assert.equal(pathOf(router, "/"), "/");
    assert.equal(pathOf(router, "/a/b/"), "/a/b");
    assert.equal(pathOf(router, "/users/1/"), "/users/:id");
    for (const path of ["/a", "/a/b/c", "/users", "/users/1/2", "", "/users//"]) {
      assert.equal(pathOf(router, path), undefined, path);
    }
  });

  it("is case-sensitive, with and without params", () => {
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

  it("may contain letters of any script", () => {
    const router = routerWith("/café", "/größen/:größe");
    assert.equal(pathOf(router, "/caf%C3%A9"), "/café");
    assert.deepEqual(paramsOf(router, "/gr%C3%B6%C3%9Fen/42"), { größe: "42" });
  });

  it("matches equivalent percent encodings of its path", () => {
    const router = new LiveRouter().live("/café", emptyLive).live("/about/:name", emptyLive);
    assert.ok(router.match("/caf%C3%A9"));
    assert.ok(router.match("/caf%c3%a9"));
    assert.deepEqual(paramsOf(router, "/%61bout/%C3%a9%2f%2F"), { name: "é//" });
    assert.equal(router.match("/caf%C3%A8"), undefined);
    assert.equal(router.match("/about%2Fname"), undefined);
  });

  it("does not match a path with a malformed percent sign, and reports it", () => {
    const router = routerWith("/users/:id");
    for (const path of ["/users/%E0%A4%A", "/users/%zz"])
      assert.deepEqual([router.match(path), router.isMalformed(path)], [undefined, true]);
    for (const path of ["/users/1", "/users/1/%zz", "/%zz"])
      assert.equal(router.isMalformed(path), false);
    assert.equal(pathOf(routerWith("/users/:id"), "/users/%E0%A4%A"), undefined);
    assert.equal(pathOf(routerWith("/users/:id"), "/users/%"), undefined);
  });

  it("replaces params of the query with path params of the same name", () => {
    assert.deepEqual(paramsOf(routerWith("/users/:id"), "/users/1", "?id=2&tab=a"), {
      id: "1",
      tab: "a",
    });
  });

  it("decodes the query with or without its question mark", () => {
    const router = routerWith("/a");
    assert.deepEqual(paramsOf(router, "/a", "?q=1"), { q: "1" });
    assert.deepEqual(paramsOf(router, "/a", "q=1"), { q: "1" });
    assert.deepEqual(paramsOf(router, "/a", "?"), {});
    assert.deepEqual(paramsOf(router, "/a"), {});
  });

  it("does not match if a route declared earlier matches", () => {
    assert.equal(pathOf(routerWith("/users/:id", "/users/new"), "/users/new"), "/users/:id");
    assert.equal(pathOf(routerWith("/users/new", "/users/:id"), "/users/new"), "/users/new");
    assert.equal(pathOf(routerWith("/:a/x", "/users/:id"), "/users/x"), "/:a/x");
  });

  it("is refused if its path is already declared in any live session", () => {
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

  it("is refused with a malformed pattern, with the cause in the error", () => {
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

  it("matches the same paths as its routes", () => {
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

  it("matches no other paths", () => {
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

  it("may match a path of another live session, but does not contain its routes", () => {
    assert.ok(manifest.test("/users/new"));
    assert.equal(router.match("/users/new")?.route.liveSession.name, "outside");
    assert.doesNotMatch(manifest.source, /new|secret/);
  });

  it("includes routes that are added later", () => {
    routes.live("/later", emptyLive);
    assert.match("/later", new RegExp(router.manifestOf(liveSession) ?? assert.fail()));
  });

  for (const [count, path] of [
    [200, "/a/route/with/a/long/path/number"],
    [300, "/r"],
  ] as const) {
    it(`is undefined if it would be too long, as with ${count} routes`, () => {
      const router = routerWith(...Array.from({ length: count }, (_, i) => path + i));
      const liveSession = router.match(`${path}0`)?.route.liveSession;
      assert.equal(liveSession && router.manifestOf(liveSession), undefined);
    });
  }
});
