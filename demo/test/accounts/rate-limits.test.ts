import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRateLimits, type LimitedAction } from "../../src/accounts/rate-limits.js";

const limits = { address: { points: 4, duration: 60 }, account: { points: 2, duration: 60 } };
const account = "ada@example.com";
const actions = ["log_in", "code", "registration", "mail"] as const;

function create() {
  const rateLimits = createRateLimits({ log_in: limits, mail: limits });
  return {
    ...rateLimits,
    allows: async (address: string, of: unknown = undefined, action: LimitedAction = "log_in") =>
      (await rateLimits.consume(action, { address, account: of })).allowed,
    allowsKnown: async (address: string, known: string) =>
      (await rateLimits.consume("log_in", { address, account, known })).allowed,
  };
}

describe("createRateLimits", () => {
  it("limits a network address across all accounts", async () => {
    const { allows } = create();
    for (let i = 0; i < 4; i++)
      assert.equal(await allows("10.0.0.1", `user${i}@example.com`), true);
    assert.equal(await allows("10.0.0.1", "other@example.com"), false);
    assert.equal(await allows("10.0.0.2", "other@example.com"), true);
  });

  it("limits an account, ignoring case, across all network addresses", async () => {
    const { allows } = create();
    assert.equal(await allows("10.0.0.1", account), true);
    assert.equal(await allows("10.0.0.2", account.toUpperCase()), true);
    assert.equal(await allows("10.0.0.3", account), false);
    assert.equal(await allows("10.0.0.3", "bob@example.com"), true);
  });

  for (const action of actions) {
    it(`does not lock the owner out after many actions of a stranger: ${action}`, async () => {
      const rateLimits = createRateLimits();
      const subject = { address: "10.0.0.1", account };
      for (let i = 0; i < 20; i++) await rateLimits.consume(action, subject);
      assert.equal((await rateLimits.consume(action, subject)).allowed, false);
      const owner = { address: "10.0.0.2", account };
      assert.equal((await rateLimits.consume(action, owner)).allowed, true);
    });
  }

  it("counts a known browser separately, which other visitors cannot limit", async () => {
    const { allows, allowsKnown } = create();
    for (let i = 0; i < 8; i++) await allows("10.0.0.1", account);
    assert.equal(await allows("10.0.0.1", account), false);
    for (let i = 0; i < 2; i++) assert.equal(await allowsKnown("10.0.0.1", "browser"), true);
    assert.equal(await allowsKnown("10.0.0.2", "browser"), false);
    assert.equal(await allowsKnown("10.0.0.1", "another browser"), true);
  });

  it("counts each action separately", async () => {
    const { allows } = create();
    for (let i = 0; i < 2; i++) assert.equal(await allows("10.0.0.1", account), true);
    assert.equal(await allows("10.0.0.1", account), false);
    assert.equal(await allows("10.0.0.1", account, "mail"), true);
  });

  it("returns the number of seconds until the next try", async () => {
    const rateLimits = createRateLimits({
      log_in: { ...limits, address: { points: 1, duration: 60 } },
    });
    await rateLimits.consume("log_in", { address: "10.0.0.1" });
    const refused = await rateLimits.consume("log_in", { address: "10.0.0.1" });
    assert.ok(!refused.allowed);
    assert.ok(Number.isInteger(refused.retryAfterSeconds));
    assert.ok(refused.retryAfterSeconds > 0 && refused.retryAfterSeconds <= 60);
  });

  it("does not count actions of a limited network address against an account", async () => {
    const { allows } = create();
    for (let i = 0; i < 8; i++) await allows("10.0.0.1");
    assert.equal(await allows("10.0.0.1", account), false);
    assert.equal(await allows("10.0.0.1", account), false);
    assert.equal(await allows("10.0.0.2", account), true);
  });

  it("resets the count of an account but not of the network address", async () => {
    const { allows, forgive } = create();
    for (let i = 0; i < 3; i++) await allows("10.0.0.1", account);
    await forgive("log_in", { address: "10.0.0.1", account: account.toUpperCase() });
    assert.equal(await allows("10.0.0.1", account), true);
    assert.equal(await allows("10.0.0.1", account), false);
    for (const value of [undefined, null, "no address", { x: 1 }])
      await forgive("log_in", { address: "10.0.0.1", account: value });
  });

  it("limits an invalid account by network address only", async () => {
    const { allows } = create();
    for (const value of [undefined, null, { x: 1 }, "p".repeat(1_000_000)]) {
      assert.equal(await allows("10.0.0.1", value), true);
    }
    assert.equal(await allows("10.0.0.1"), false);
  });

  const same: [string, string][] = [
    ["10.0.0.1", "::ffff:10.0.0.1"],
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"],
    ["2001:DB8:1:2::1", "2001:0db8:0001:0002::9"],
    ["2001:db8::1", "2001:db8:0:0:5::"],
    ["::1", "0:0:0:0:0:0:0:2"],
    ["fe80::1%eth0", "fe80::2"],
  ];
  for (const [one, other] of same) {
    it(`counts ${one} and ${other} together`, async () => {
      const { allows } = create();
      for (let i = 0; i < 4; i++) assert.equal(await allows(one), true);
      assert.equal(await allows(other), false);
    });
  }

  it("counts different networks separately", async () => {
    const { allows } = create();
    for (let i = 0; i < 5; i++) await allows("2001:db8:1:2::1");
    assert.equal(await allows("2001:db8:1:3::1"), true);
    assert.equal(await allows("2001:db8::1"), true);
  });

  it("has default limits that ordinary users do not reach", async () => {
    const rateLimits = createRateLimits();
    for (const action of actions) {
      for (let i = 0; i < 5; i++) {
        assert.deepEqual(await rateLimits.consume(action, { address: "10.0.0.1", account }), {
          allowed: true,
        });
      }
      const results = [];
      for (let i = 0; i < 100; i++)
        results.push(await rateLimits.consume(action, { address: "10.0.0.1", account }));
      assert.ok(results.some((result) => !result.allowed));
    }
  });
});
