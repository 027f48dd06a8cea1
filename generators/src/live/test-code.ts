import type { SchemaNames } from "../source/names.js";
import { type Field, isReference } from "./field.js";

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function sample(fields: readonly Field[], index: 0 | 1, key: (field: Field) => string): string {
  const entries = fields
    .filter((field) => !isReference(field))
    .map((field) => `${key(field)}: "${field.samples(field.args)[index]}"`);
  return `{ ${entries.join(", ")} }`;
}

/** Returns the code that provides the ids of the rows to which others refer. The tables must exist. */
function idsOf(fields: readonly Field[], database: string, key: (field: Field) => string): string {
  const ids = fields
    .filter(isReference)
    .map((field) => `${key(field)}: await idOfAnyRow(${database}, "${field.args[0]}")`);
  return `{ ${ids.join(", ")} }`;
}

/** Returns the test of the operations on the table. */
export function operationsTest(names: SchemaNames, fields: readonly Field[]): string {
  const { context, singular, plural } = names;
  const { pascal, camel, prose, kebab } = singular;
  const columns = ({ name }: Field) => name.snake;
  const refers = fields.some(isReference);
  return `import assert from "node:assert/strict";
import { before, it } from "node:test";
import { type ${context.pascal}, create${context.pascal} } from "../../src/${context.kebab}/${context.kebab}.js";
import { to${pascal}Fields } from "../../src/${context.kebab}/${kebab}.js";
import { describeOnMigratedDatabases } from "../support/database.js";
${refers ? 'import { idOfAnyRow } from "../support/rows.js";\n' : ""}
const fields = ${sample(fields, 0, columns)};
const changed = ${sample(fields, 1, columns)};

describeOnMigratedDatabases("${plural.prose}", (database) => {
  let ${context.camel}: ${context.pascal};
  before(() => {
    ${context.camel} = create${context.pascal}(database());
  });
${refers ? addIds(idsOf(fields, "database()", columns)) : ""}
  it("are added, changed and deleted", async () => {
    const created = await ${context.camel}.create${pascal}(fields);
    assert.ok(created.ok);
    assert.deepEqual(to${pascal}Fields(created.${camel}), fields);
    assert.deepEqual(await ${context.camel}.list${plural.pascal}(), [created.${camel}]);

    const updated = await ${context.camel}.update${pascal}(created.${camel}, changed);
    assert.ok(updated.ok);
    assert.deepEqual(to${pascal}Fields(updated.${camel}), changed);

    await ${context.camel}.delete${pascal}(created.${camel}.id);
    await assert.rejects(${context.camel}.get${pascal}(created.${camel}.id), /no ${prose} has this id/);
  });
${blankTest(names, fields)}${referencesTest(names, fields)}});
`;
}

const addIds = (ids: string) => `  before(async () => {
    const ids = ${ids};
    Object.assign(fields, ids);
    Object.assign(changed, ids);
  });
`;

/** Returns the test of fields that must not be blank. */
function blankTest({ context, singular }: SchemaNames, fields: readonly Field[]): string {
  const required = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name.snake);
  if (required.length === 0) return "";
  return `
  it("have an error for each blank field", async () => {
    const refused = await ${context.camel}.create${singular.pascal}({});
    assert.ok(!refused.ok);
    assert.deepEqual(Object.keys(refused.errors), ${JSON.stringify(required)});
    assert.deepEqual(${context.camel}.change${singular.pascal}(fields), {});
  });
`;
}

/** Returns the test of references to rows that do not exist. */
function referencesTest({ context, singular }: SchemaNames, fields: readonly Field[]): string {
  const references = fields.filter(isReference);
  if (references.length === 0) return "";
  const entriesOf = (value: string) =>
    references.map(({ name }) => `${name.snake}: ${value}`).join(", ");
  return `
  it("have an error for each reference to a missing row", async () => {
    const missing = { ...fields, ${entriesOf('"999999999"')} };
    const refused = await ${context.camel}.create${singular.pascal}(missing);
    assert.ok(!refused.ok);
    assert.deepEqual(refused.errors, { ${entriesOf('["does not exist"]')} });
  });
`;
}

/** Returns the test of the pages. */
export function pagesTest(names: SchemaNames, fields: readonly Field[]): string {
  const { singular, plural } = names;
  const { snake, kebab, prose } = singular;
  const path = `/${plural.snake}`;
  const inputs = fields.filter(({ validator }) => validator !== "boolean");
  const key = ({ name }: Field) => `"${snake}[${name.snake}]"`;
  const refers = fields.some(isReference);
  return `import assert from "node:assert/strict";
import { ${refers ? "before, " : ""}describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { runningApp } from "../../support/app.js";
${refers ? 'import { idOfAnyRow } from "../../support/rows.js";\n' : ""}
const form = "#${kebab}-form";
const fields = ${sample(inputs, 0, key)};
const changed = ${sample(inputs, 1, key)};

describe("the pages of ${plural.prose}", () => {
  const site = runningApp();
${refers ? addIds(idsOf(inputs, "site().database", key)) : ""}
  it("add, edit and delete one ${prose}", async () => {
    const page = await visit(site().app, "${path}/new");
    await page.connect();
    await page.form(form, fields).submit();
    await page.followRedirect();
    assert.ok(page.hasElement("h1", "${capitalized(prose)}"));

    await page.element("main a", "Edit").click();
    await page.form(form, changed).submit();
    await page.followRedirect();

    await page.navigate("${path}");
    await page.element("button", "Delete").click();
    assert.ok(!page.hasElement("tbody tr"));
  });
${inputs[0] ? errorsTest(names, inputs[0]) : ""}
  it("respond with 404 for an unknown id", async () => {
    const page = await visit(site().app, "${path}/999");
    assert.equal(page.status, 404);
  });
});
`;
}

/** Returns the test of the errors that a form shows. */
function errorsTest({ singular, plural }: SchemaNames, { name }: Field): string {
  return `
  it("show the errors of each field", async () => {
    const page = await visit(site().app, "/${plural.snake}/new");
    await page.connect();
    await page.form(form, {}).submit();
    assert.ok(page.hasElement("#${singular.snake}_${name.snake}_errors", "can't be blank"));
  });
`;
}
