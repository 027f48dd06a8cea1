import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

const accounts = new URL("../../src/accounts/", import.meta.url);
const shared = ["../database.js", "../fields.js"].map((name) => new URL(name, accounts).href);
const allowedPackages = /^(node:|zod$|knex$|@node-rs\/argon2$|nodemailer$|rate-limiter-flexible$)/;

describe("accounts", () => {
  const files = readdirSync(accounts, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    it(`import neither Koa nor live sessions: ${file}`, () => {
      const url = new URL(file, accounts);
      for (const name of importsIn(readFileSync(url, "utf8"))) {
        if (!name.startsWith(".")) assert.match(name, allowedPackages);
        else assert.ok(isAllowedFile(new URL(name, url).href), `${file} imports ${name}`);
      }
    });
  }
});

const importsIn = (source: string) =>
  [...source.matchAll(/\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/g)].map(
    ([, from, dynamic]) => from ?? dynamic ?? "",
  );

const isAllowedFile = (href: string) => shared.includes(href) || href.startsWith(accounts.href);
