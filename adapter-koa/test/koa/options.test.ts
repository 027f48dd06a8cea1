import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLive, LiveError, type LiveOptions, LiveRouter } from "@live-session/adapter-koa";
import { checkOptions } from "../../src/koa/options.js";

const secret = "a secret that only these tests know, 1";

/** Returns the error with which options are refused. */
function refusal(options: unknown): LiveError {
  try {
    checkOptions(options as LiveOptions);
  } catch (error) {
    assert.ok(error instanceof LiveError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: `accepted ${JSON.stringify(options)}` });
}

describe("the options of createLive", () => {
  it("have defaults", () => {
    const { secrets, path, origins, tokenLifetime, limits, rootLayout } = checkOptions({ secret });
    assert.deepEqual(secrets, [secret]);
    assert.deepEqual([path, origins, rootLayout], ["/live", "same", undefined]);
    assert.equal(tokenLifetime, 1_209_600_000);
    assert.deepEqual(limits, {
      frameBytes: 65_536,
      joinsPerSecond: 20,
      eventsPerSecond: 500,
      mailbox: 1000,
      waitingBytes: 1_048_576,
      topics: 100,
      idle: 90_000,
      longPolls: 1000,
      leaveMessages: 100,
      leaveTime: 5000,
      resume: 30_000,
      hibernate: 60_000,
      waiting: 5000,
      adopt: 10_000,
      adoptable: 1000,
      uploadBytes: 10 * 1024 ** 3,
      uploadVisitorBytes: 2 * 1024 ** 3,
      uploadRate: 100 * 1024 ** 2,
      uploadResumeTime: 120_000,
    });
  });

  it("set some limits and keep the defaults of the others", () => {
    const { limits } = checkOptions({ secret, limits: { idle: 1000 } });
    assert.deepEqual([limits.idle, limits.topics], [1000, 100]);
  });

  const refused: [what: string, options: unknown, message: RegExp][] = [
    ["a value that is not an object", null, /the options of createLive are invalid/],
    [
      "an unknown name",
      { secret, secrets: [] },
      /option "secrets" of createLive is invalid\nExpected: secret, /,
    ],
    ["a missing secret", {}, /option "secret" of createLive is invalid/],
    ["an empty list of secrets", { secret: [] }, /option "secret" of createLive is invalid/],
    ["a path without a slash", { secret, path: "live" }, /option "path" of createLive is invalid/],
    [
      "a path with a slash at the end",
      { secret, path: "/live/" },
      /option "path" of createLive is invalid/,
    ],
    ["a path with a query", { secret, path: "/live?x" }, /option "path" of createLive is invalid/],
    ["a path that is not a string", { secret, path: 1 }, /option "path" of createLive is invalid/],
    [
      "a lifetime of zero",
      { secret, tokenLifetime: 0 },
      /option "tokenLifetime" of createLive is invalid/,
    ],
    [
      "a lifetime that is a string",
      { secret, tokenLifetime: "14 days" },
      /option "tokenLifetime" of createLive is invalid/,
    ],
    [
      "an endless lifetime",
      { secret, tokenLifetime: Number.POSITIVE_INFINITY },
      /option "tokenLifetime" of createLive is invalid/,
    ],
    [
      "statics that are not a list",
      { secret, statics: "/app.css" },
      /option "statics" of createLive is invalid/,
    ],
    [
      "a static file that is not a URL",
      { secret, statics: ["/app.css", /js/] },
      /option "statics\[1\]" of createLive is invalid/,
    ],
    [
      "an unknown limit",
      { secret, limits: { frames: 1 } },
      /option "limits\.frames" of createLive is invalid/,
    ],
    [
      "a limit that is not an integer",
      { secret, limits: { topics: 1.5 } },
      /option "limits\.topics" of createLive is invalid/,
    ],
    [
      "a limit below 1",
      { secret, limits: { mailbox: -1 } },
      /option "limits\.mailbox" of createLive is invalid/,
    ],
    [
      "an unknown word for origins",
      { secret, origins: "all" },
      /option "origins" of createLive is invalid/,
    ],
    [
      "origins of another type",
      { secret, origins: 1 },
      /option "origins" of createLive is invalid/,
    ],
    [
      "an origin without a scheme",
      { secret, origins: ["https://a.example", "b.example"] },
      /origins\[1\]/,
    ],
    ["an origin with a path", { secret, origins: ["https://a.example/live"] }, /origins\[0\]/],
    [
      "an origin with a star in the middle",
      { secret, origins: ["https://a.*.example"] },
      /origins\[0\]/,
    ],
    ["an origin that is not a string", { secret, origins: [/example/] }, /origins\[0\]/],
  ];
  for (const [what, options, message] of refused) {
    it(`are refused with ${what}`, () => {
      const error = refusal(options);
      assert.equal(error.code, "LIVE_ERR_OPTION");
      assert.match(error.message, message);
      assert.match(error.message, /\nExpected: /);
    });
  }

  it("are refused with a root layout that is not a function", () => {
    for (const rootLayout of ["<html>", null, true, {}]) {
      assert.equal(refusal({ secret, rootLayout }).code, "LIVE_ERR_LAYOUT");
    }
  });

  it("are refused with a weak secret, and the error does not contain it", () => {
    for (const weak of [
      "hunter2-hunter2-hunter2-hunter2",
      ["hunter2"],
      [secret, "hunter2"],
      5,
      { hunter2: 1 },
    ]) {
      const error = refusal({ secret: weak });
      assert.equal(error.code, "LIVE_ERR_OPTION");
      for (const part of ["hunter2", secret])
        assert.ok(!`${error.message}${error.stack}`.includes(part));
    }
  });
});

describe("createLive", () => {
  it("refuses a router that is not a LiveRouter", () => {
    for (const router of [undefined, null, {}, () => {}]) {
      assert.throws(
        () => createLive(router as never, { secret }),
        (error: LiveError) =>
          error.code === "LIVE_ERR_OPTION" && /expects a router/.test(error.message),
      );
    }
  });

  it("checks its options", () => {
    assert.throws(() => createLive(new LiveRouter(), { secret: "short" }), {
      code: "LIVE_ERR_OPTION",
    });
  });
});
