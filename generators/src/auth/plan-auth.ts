import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Places, Plan, PlannedFile } from "../plan/plan.js";
import { type SchemaNames, toSchemaNames } from "../source/names.js";
import { renamePath, renameSite, renameText } from "../source/rename.js";
import { authFiles, authSupportFiles } from "./auth-files.js";
import { editActiveTab } from "./edit-active-tab.js";
import { editApp } from "./edit-app.js";
import { editConfig, editExampleEnvironment } from "./edit-config.js";
import { editLayout } from "./edit-layout.js";
import { editMigrations } from "./edit-migrations.js";
import { editPackage } from "./edit-package.js";
import { editRouter } from "./edit-router.js";

/** Options of `planAuth`. */
export interface AuthOptions {
  /** Whether the login page puts the login by mail before the password. */
  readonly magicLink: boolean;
  /** Whether the browser connects to the pages of accounts. */
  readonly live: boolean;
}

/**
 * Plans accounts: context, schema and tokens, migrations, hooks and middleware, pages, mails, routes and tests.
 *
 * @throws GenerateError when a name is missing or has the wrong form.
 */
export function planAuth(
  args: readonly string[],
  places: Places,
  { magicLink, live }: AuthOptions,
): Plan {
  const names = toSchemaNames(args);
  const all = filesOf(places, authFiles, names);
  const pathOf = (file: string) => renamePath(file, names);
  const files = live ? all : all.filter((file) => !isTestOfView(file)).map(makePlain);
  return {
    files: [
      ...(magicLink ? files.map(putMailFirst) : files),
      ...filesOf(places, authSupportFiles, names).map((file) => ({ ...file, isSupport: true })),
    ],
    claim: {
      key: pathOf("src/accounts/users/user.ts"),
      files: ["src/accounts/accounts.ts", "src/migrations/create-users.ts"].map(pathOf),
    },
    edits: [
      editMigrations(names, new Date()),
      editConfig(),
      editExampleEnvironment(),
      editApp(names),
      editRouter(names),
      editLayout(names),
      editActiveTab(names),
      editPackage(),
    ],
    next: ["npm install", "npm test", "npm run dev"],
  };
}

/** Whether a file is a test that connects to a view. */
const isTestOfView = (file: PlannedFile): boolean => file.path.startsWith("test/web/live/");

/** Makes pages plain: their live sessions do not connect, and fields for browsers without JavaScript are always shown. */
function makePlain(file: PlannedFile): PlannedFile {
  const content = file.content
    .replaceAll(/^( *)\.liveSession\("\w+", \{$/gm, "$&\n$1  connect: false,")
    .replaceAll(/<\/?noscript>/g, "");
  return { ...file, content };
}

/** Sets the constant by which the login page decides. */
function putMailFirst(file: PlannedFile): PlannedFile {
  return {
    ...file,
    content: file.content.replace("const mailFirst = false;", "const mailFirst = true;"),
  };
}

function filesOf(
  { root, templates }: Places,
  list: readonly string[],
  names: SchemaNames,
): PlannedFile[] {
  const { name = "app" } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  return list
    .flatMap((entry) => (entry.endsWith("/") ? filesIn(templates, entry) : [entry]))
    .map((file) => ({
      path: renamePath(file, names),
      content: renameSite(
        renameText(readFileSync(path.join(templates, file), "utf8"), names),
        name,
      ),
    }));
}

function filesIn(templates: string, folder: string): string[] {
  return readdirSync(path.join(templates, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}${file.split(path.sep).join("/")}`)
    .filter((file) => statSync(path.join(templates, file)).isFile())
    .sort();
}
