import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { addTabs } from "../auth/edit-active-tab.js";
import { addMigrations, timestampOf } from "../auth/edit-migrations.js";
import { GenerateError } from "../generate-error.js";
import type { Places, Plan, PlannedFile } from "../plan/plan.js";
import { type SchemaNames, toSchemaNames } from "../source/names.js";
import { contextCode, operationsCode } from "./context-code.js";
import { editContext, editMenu } from "./edit-live.js";
import { editLiveRouter } from "./edit-router.js";
import { type Field, isReference, toFields } from "./field.js";
import { migrationCode, schemaCode } from "./schema-code.js";
import { operationsTest, pagesTest } from "./test-code.js";
import { formCode, indexCode, showCode } from "./view-code.js";

/** Files that the pages of all schemas share, relative to the folder of the templates. */
export const liveSupportFiles = ["src/field-types.ts", "src/web/forms/input.ts"] as const;
/** Files that schemas with references need in addition. */
export const referencesFiles = ["src/references.ts", "test/support/rows.ts"] as const;

/**
 * Plans the pages of a table: a list, a page for each row, a form with the errors of each field, the context, the
 * migration and tests.
 *
 * @throws GenerateError when a name or a field is missing or not valid.
 */
export function planLive(args: readonly string[], places: Places): Plan {
  const names = toSchemaNames(args);
  const fields = toFields(args.slice(3));
  const { singular, plural } = names;
  refuseSelfReference(names, fields);
  const context = readContext(names, places);
  const files = filesOf(names, fields, places);
  const pathsWith = (start: string) =>
    files.map(({ path }) => path).filter((path) => path.startsWith(start));
  return {
    files,
    claim: {
      key: schemaPath(names),
      files: [...pathsWith("src/migrations/"), ...pathsWith("src/web/live/")],
    },
    edits: [
      ...(context === undefined ? [] : [editContext(names)]),
      addMigrations([
        {
          name: `${timestampOf(new Date(), 0)}_create_${plural.snake}`,
          variable: `create${plural.pascal}`,
          module: `./create-${plural.kebab}.js`,
        },
      ]),
      editLiveRouter(names),
      editMenu(names),
      addTabs(
        ["Index", "Show", "Form"].map((view) => [`${singular.pascal}${view}Live`, plural.snake]),
      ),
    ],
    next: [...missingTables(fields, places), "npm test", "npm run dev"],
  };
}

function schemaPath({ context, singular }: SchemaNames): string {
  return `src/${context.kebab}/${singular.kebab}.ts`;
}

function contextPath({ context }: SchemaNames): string {
  return `src/${context.kebab}/${context.kebab}.ts`;
}

/**
 * Returns the code of the context if it exists. The operations of this schema are added to it.
 *
 * @throws GenerateError when the context is not created from a database, such as that of accounts.
 */
function readContext(names: SchemaNames, { root }: Places): string | undefined {
  const file = path.join(root, contextPath(names));
  if (!existsSync(file)) return undefined;
  const code = readFileSync(file, "utf8");
  const create = `create${names.context.pascal}(database: Database`;
  if (code.includes(create)) return code;
  throw new GenerateError(
    `the context ${names.context.pascal} exists, but is not created from a database\nExpected: another context, or a function ${create}) in ${contextPath(names)}`,
  );
}

/** Refuses a reference to rows of the same table, because the first row could not be added. */
function refuseSelfReference({ plural }: SchemaNames, fields: readonly Field[]): void {
  const field = fields.find((field) => isReference(field) && field.args[0] === plural.snake);
  if (!field) return;
  throw new GenerateError(
    `the field ${field.name.snake} refers to its own table, so the first row could not be added\nExpected: another table\nGot: ${plural.snake}`,
  );
}

/** Returns a hint for each table that fields refer to and that no migration creates. */
function missingTables(fields: readonly Field[], { root }: Places): string[] {
  const folder = path.join(root, "src/migrations");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const migrations = files.map((file) => readFileSync(path.join(folder, file), "utf8"));
  const tables = new Set(fields.filter(isReference).flatMap(({ args }) => args[0] ?? []));
  return [...tables]
    .filter((table) => !migrations.some((code) => code.includes(`"${table}"`)))
    .map((table) => `Create the table ${table}, to which rows refer: no migration does.`);
}

function filesOf(names: SchemaNames, fields: readonly Field[], places: Places): PlannedFile[] {
  const { context, singular, plural } = names;
  const folder = `src/${context.kebab}`;
  const view = (name: string) => `src/web/live/${singular.kebab}-${name}-live.ts`;
  const supportFiles = fields.some(isReference)
    ? [...liveSupportFiles, ...referencesFiles]
    : liveSupportFiles;
  const support = supportFiles.map((file) => ({
    path: file,
    content: readFileSync(path.join(places.liveTemplates, file), "utf8"),
    isSupport: true,
  }));
  return [
    { path: schemaPath(names), content: schemaCode(names, fields) },
    { path: `${folder}/${singular.kebab}-operations.ts`, content: operationsCode(names, fields) },
    { path: contextPath(names), content: contextCode(names), isSupport: true },
    { path: `src/migrations/create-${plural.kebab}.ts`, content: migrationCode(names, fields) },
    { path: view("index"), content: indexCode(names, fields) },
    { path: view("show"), content: showCode(names, fields) },
    { path: view("form"), content: formCode(names, fields) },
    {
      path: `test/${context.kebab}/${plural.kebab}.test.ts`,
      content: operationsTest(names, fields),
    },
    { path: `test/web/live/${singular.kebab}-live.test.ts`, content: pagesTest(names, fields) },
    ...support,
  ];
}
