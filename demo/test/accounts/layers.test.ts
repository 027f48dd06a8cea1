import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

const accounts = new URL("../../src/accounts/", import.meta.url);
const allowed =
  /^(\.\/|\.\.\/database\.js$|node:|zod$|knex$|@node-rs\/argon2$|nodemailer$|rate-limiter-flexible$)/;

describe("accounts", () => {
  for (const file of readdirSync(accounts)) {
    it(`know neither Koa nor live sessions: ${file}`, () => {
      const source = readFileSync(new URL(file, accounts), "utf8");
      for (const [, name = ""] of source.matchAll(/\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/g)) {
        assert.match(name, allowed);
      }
    });
  }
});
