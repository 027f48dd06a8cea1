import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MemoryMailer } from "../../../src/accounts/mail/memory-mailer.js";
import { createSmtpMailer } from "../../../src/accounts/mail/smtp-mailer.js";
import { type SmtpServer, startSmtpServer } from "../../support/smtp-server.js";

const mail = (to: string) => ({ to, subject: "Subject", text: "Hello" });

describe("MemoryMailer", () => {
  it("keeps mails with their time, newest first", async () => {
    const now = () => new Date("2026-11-23T12:00:00Z");
    const mailer = new MemoryMailer({ now });
    await mailer.send(mail("one@example.com"));
    await mailer.send(mail("two@example.com"));
    assert.deepEqual(JSON.parse(JSON.stringify(mailer.mails)), [
      { ...mail("two@example.com"), sentAt: "2026-11-23T12:00:00.000Z" },
      { ...mail("one@example.com"), sentAt: "2026-11-23T12:00:00.000Z" },
    ]);
  });

  it("removes the oldest mails above its limit", async () => {
    const mailer = new MemoryMailer({ limit: 2 });
    for (const to of ["one", "two", "three"]) await mailer.send(mail(to));
    assert.deepEqual(
      mailer.mails.map(({ to }) => to),
      ["three", "two"],
    );
  });
});

describe("createSmtpMailer", () => {
  let server: SmtpServer;
  before(async () => {
    server = await startSmtpServer();
  });
  after(() => server.close());

  it("sends plain text from the site's address", async () => {
    const mailer = createSmtpMailer(server.url);
    const link = `http://localhost:4000/users/settings/confirm_email/${"a".repeat(43)}`;
    await mailer.send({
      to: "ada@example.com",
      subject: "Update email instructions",
      text: `Hello Zoë,\n\n${link}\n`,
    });
    mailer.close();
    const { recipients, data } = server.received.at(-1)!;
    assert.deepEqual(recipients, ["ada@example.com"]);
    assert.match(data, /^From: Live sessions <contact@example\.com>$/m);
    assert.match(data, /^To: ada@example\.com$/m);
    assert.match(data, /^Subject: Update email instructions$/m);
    assert.match(data, /^Content-Type: text\/plain; charset=utf-8$/m);
    const body = data
      .replace(/=\r\n/g, "")
      .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    assert.ok(body.includes(link));
  });

  it("sends to one address, even if it contains special characters", async () => {
    const mailer = createSmtpMailer(server.url);
    for (const to of ["a'b+c@example.com", '"a"<x>@example.com', "a(b)@example.com"]) {
      const before = server.received.length;
      await mailer.send(mail(to)).catch(() => {});
      for (const { recipients } of server.received.slice(before))
        assert.equal(recipients.length, 1);
    }
    mailer.close();
  });

  it("rejects when the server refuses the mail", async () => {
    const mailer = createSmtpMailer(server.url);
    await assert.rejects(mailer.send(mail("refused@example.com")), /550/);
    mailer.close();
  });

  it("rejects when no server answers", async () => {
    const mailer = createSmtpMailer("smtp://127.0.0.1:1");
    await assert.rejects(mailer.send(mail("ada@example.com")), /ECONNREFUSED/);
    mailer.close();
  });
});
