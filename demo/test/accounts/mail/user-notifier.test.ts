import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryMailer } from "../../../src/accounts/mail/memory-mailer.js";
import { createUserNotifier, type UserNotifier } from "../../../src/accounts/mail/user-notifier.js";

const url = "http://localhost:4000/users/some_path/abc_DEF-123";

async function mailOf(deliver: (notifier: UserNotifier) => void) {
  const mailer = new MemoryMailer();
  const notifier = createUserNotifier({ mailer, report: (error) => assert.fail(error) });
  deliver(notifier);
  await notifier.idle();
  assert.equal(mailer.mails.length, 1);
  return mailer.mails[0]!;
}

describe("createUserNotifier", () => {
  const kinds = [
    ["deliverConfirmationInstructions", "Confirmation instructions"],
    ["deliverResetPasswordInstructions", "Reset password instructions"],
    ["deliverUpdateEmailInstructions", "Update email instructions"],
  ] as const;
  for (const [deliver, subject] of kinds) {
    it(`mails "${subject}" with the address and a link on a separate line`, async () => {
      const mail = await mailOf((notifier) =>
        notifier[deliver]("ada@example.com", async () => url),
      );
      assert.equal(mail.to, "ada@example.com");
      assert.equal(mail.subject, subject);
      assert.ok(mail.text.includes("ada@example.com"));
      assert.ok(mail.text.split("\n").includes(url));
    });
  }

  it("makes the link and sends the mail after the caller has continued", async () => {
    const mailer = new MemoryMailer();
    const notifier = createUserNotifier({ mailer, report: (error) => assert.fail(error) });
    let isMade = false;
    notifier.deliverConfirmationInstructions("ada@example.com", async () => {
      isMade = true;
      return url;
    });
    assert.equal(isMade, false);
    assert.deepEqual(mailer.mails, []);
    await notifier.idle();
    assert.equal(isMade, true);
    assert.equal(mailer.mails.length, 1);
  });

  it("reports a failure to make a link and sends the next mail", async () => {
    const mailer = new MemoryMailer();
    const reported: Error[] = [];
    const notifier = createUserNotifier({ mailer, report: (error) => reported.push(error) });
    const broken = new Error("no database");
    notifier.deliverResetPasswordInstructions("ada@example.com", () => Promise.reject(broken));
    notifier.deliverResetPasswordInstructions("bob@example.com", async () => url);
    await notifier.idle();
    assert.deepEqual(
      reported.map((error) => [error.message, error.cause]),
      [['could not send "Reset password instructions"', broken]],
    );
    assert.deepEqual(
      mailer.mails.map((mail) => mail.to),
      ["bob@example.com"],
    );
  });
});
