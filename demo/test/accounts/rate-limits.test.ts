import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRateLimits, type LimitedAction } from "../../src/accounts/rate-limits.js";

const limits = { address: { points: 4, duration: 60 }, account: { points: 2, duration: 60 } };
const account = "ada@example.com";

function create() {
  const rateLimits = createRateLimits({ log_in: limits, mail: limits });
  return {
    ...rateLimits,
    allows: async (address: string, of: unknown = undefined, action: LimitedAction = "log_in") =>
      (await rateLimits.consume(action, { address, account: of })).allowed,
  };
}

describe("createRateLimits", () => {
  it("limits an address, whatever the account", async () => {
    const { allows } = create();
    for (let i = 0; i < 4; i++)
      assert.equal(await allows("10.0.0.1", `user${i}@example.com`), true);
    assert.equal(await allows("10.0.0.1", "other@example.com"), false);
    assert.equal(await allows("10.0.0.2", "other@example.com"), true);
  });

  it("limits an account in whatever case, whatever the address", async () => {
    const { allows } = create();
    assert.equal(await allows("10.0.0.1", account), true);
    assert.equal(await allows("10.0.0.2", account.toUpperCase()), true);
    assert.equal(await allows("10.0.0.3", account), false);
    assert.equal(await allows("10.0.0.3", "bob@example.com"), true);
  });

  it("counts each action by itself", async () => {
    const { allows } = create();
    for (let i = 0; i < 2; i++) assert.equal(await allows("10.0.0.1", account), true);
    assert.equal(await allows("10.0.0.1", account), false);
    assert.equal(await allows("10.0.0.1", account, "mail"), true);
  });

  it("tells in how many seconds to try again", async () => {
    const rateLimits = createRateLimits({
      log_in: { ...limits, address: { points: 1, duration: 60 } },
    });
    await rateLimits.consume("log_in", { address: "10.0.0.1" });
    const refused = await rateLimits.consume("log_in", { address: "10.0.0.1" });
    assert.ok(!refused.allowed);
    assert.ok(Number.isInteger(refused.retryAfterSeconds));
    assert.ok(refused.retryAfterSeconds > 0 && refused.retryAfterSeconds <= 60);
  });

  it("does not count against an account what its address may not do", async () => {
    const { allows } = create();
    for (let i = 0; i < 8; i++) await allows("10.0.0.1");
    assert.equal(await allows("10.0.0.1", account), false);
    assert.equal(await allows("10.0.0.1", account), false);
    assert.equal(await allows("10.0.0.2", account), true);
  });

  it("forgets an account, but not the address", async () => {
    const { allows, forgive } = create();
    for (let i = 0; i < 3; i++) await allows("10.0.0.1", account);
    await forgive("log_in", account.toUpperCase());
    assert.equal(await allows("10.0.0.1", account), true);
    assert.equal(await allows("10.0.0.1", account), false);
    for (const value of [undefined, null, "no address", { x: 1 }]) await forgive("log_in", value);
  });

  it("limits by address alone what is no account", async () => {
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

  it("counts other networks apart", async () => {
    const { allows } = create();
    for (let i = 0; i < 5; i++) await allows("2001:db8:1:2::1");
    assert.equal(await allows("2001:db8:1:3::1"), true);
    assert.equal(await allows("2001:db8::1"), true);
  });

  it("has limits by default that people do not meet", async () => {
    const rateLimits = createRateLimits();
    for (const action of ["log_in", "registration", "mail"] as const) {
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
