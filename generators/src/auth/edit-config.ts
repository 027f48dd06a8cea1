import { Node } from "ts-morph";
import type { PlannedEdit } from "../plan/plan.js";
import { found, objectOf, SourceEdit } from "../source/source-edit.js";

const REQUIRED = 'SMTP_URL: urlOf(/^smtps?$/, "smtps://user:password@mail.example.com")';

/** Plans to require an SMTP server in production. */
export function editConfig(): PlannedEdit {
  return {
    path: "src/config.ts",
    apply(text) {
      const edit = new SourceEdit(text);
      const production = edit.file.getVariableDeclaration("production")?.getInitializer();
      const call = found(
        Node.isCallExpression(production) ? production : undefined,
        'schema "production"',
      );
      edit.addToObject(
        objectOf(call.getArguments()[0], "fields of production"),
        "SMTP_URL",
        REQUIRED,
      );
      return edit.toString();
    },
    manual:
      "  // The URL of the SMTP server, required in production; null keeps mails in memory.\n  smtpUrl",
  };
}

/** Plans to describe the SMTP server in the example of the environment. */
export function editExampleEnvironment(): PlannedEdit {
  return {
    path: ".env.example",
    apply: (text) =>
      text.includes("SMTP_URL")
        ? text
        : `${text.trimEnd()}\n# The SMTP server of the mails. Without it they are kept in memory, and shown at /dev/mailbox. Required in production.\n# SMTP_URL=smtps://user:password@mail.example.com\n`,
    manual: "SMTP_URL=smtps://user:password@mail.example.com",
  };
}
