import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { addTabs } from "../auth/edit-active-tab.js";
import { addMigrations, timestampOf } from "../auth/edit-migrations.js";
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
const referencesFile = "src/references.ts";

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
  return {
    files: filesOf(names, fields, places),
    edits: [
      ...(hasOwnContext(names, places) ? [editContext(names)] : []),
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
    next: ["npm test", "npm run dev"],
  };
}

function contextPath({ context }: SchemaNames): string {
  return `src/${context.kebab}/${context.kebab}.ts`;
}

/** Whether the context exists and has other operations, to which those of this schema are added. */
function hasOwnContext(names: SchemaNames, { root }: Places): boolean {
  return existsSync(path.join(root, contextPath(names)));
}

function filesOf(names: SchemaNames, fields: readonly Field[], places: Places): PlannedFile[] {
  const { context, singular, plural } = names;
  const folder = `src/${context.kebab}`;
  const view = (name: string) => `src/web/live/${singular.kebab}-${name}-live.ts`;
  const supportFiles = fields.some(isReference)
    ? [...liveSupportFiles, referencesFile]
    : liveSupportFiles;
  const support = supportFiles.map((file) => ({
    path: file,
    content: readFileSync(path.join(places.liveTemplates, file), "utf8"),
    isSupport: true,
  }));
  return [
    { path: `${folder}/${singular.kebab}.ts`, content: schemaCode(names, fields) },
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
