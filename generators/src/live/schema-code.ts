import type { SchemaNames } from "../source/names.js";
import { type Field, isReference } from "./field.js";

const join = (lines: readonly string[], separator = "\n") => lines.join(separator);

/** Returns the code of the migration that creates the table. */
export function migrationCode({ plural }: SchemaNames, fields: readonly Field[]): string {
  const table = plural.snake;
  const columns = fields.map(
    ({ define, name }) => `      table.${define(name.snake)}.notNullable();`,
  );
  const keys = fields
    .filter(isReference)
    .map(
      ({ name, args }) =>
        `      table.foreign("${name.snake}", "${table}_${name.snake}_foreign").references("${args[0]}.id").onDelete("CASCADE");`,
    );
  return `import type { Knex } from "knex";
import { createTable } from "./create-table.js";

/** Creates \`${table}\`. Times are UTC, in milliseconds. */
export const create${plural.pascal}: Knex.Migration = {
  up: (db) =>
    createTable(db, "${table}", (table) => {
      table.increments("id");
${join(columns)}
      table.datetime("inserted_at", { precision: 3 }).notNullable();
      table.datetime("updated_at", { precision: 3 }).notNullable();
${join(keys)}
    }),
  down: (db) => db.schema.dropTable("${table}"),
};
`;
}

/** Returns the code of the schema: the type of a row, its validation, and its conversions. */
export function schemaCode({ singular, plural }: SchemaNames, fields: readonly Field[]): string {
  const { pascal, camel, prose } = singular;
  const validators = fields.map(({ validator }) => validator);
  const used = validators.includes("dateTime") ? [...validators, "dateTimeText"] : validators;
  const line = (write: (field: Field) => string) => join(fields.map(write));
  return `import { z } from "zod";
import { ${[...new Set(used)].sort().join(", ")} } from "../field-types.js";

/** One ${prose}. */
export interface ${pascal} {
  readonly id: number;
${line(({ name, property, args }) => `  readonly ${name.camel}: ${property(args)};`)}
  readonly insertedAt: Date;
  readonly updatedAt: Date;
}

/** A row of \`${plural.snake}\`. MySQL reads times as dates, SQLite as milliseconds. */
export interface ${pascal}Row {
  readonly id: number;
${line(({ name, column }) => `  readonly ${name.snake}: ${column};`)}
  readonly inserted_at: Date | number;
  readonly updated_at: Date | number;
}

/** Validates the fields of the form. */
export const ${camel}Schema = z.object({
${line(({ name, validator, validatorArgs, args }) => `  ${name.snake}: ${validator}(${validatorArgs?.(args) ?? ""}),`)}
});

/** Turns a row into the ${prose} that it contains. */
export function to${pascal}(row: ${pascal}Row): ${pascal} {
  return {
    id: row.id,
${line((field) => `    ${field.name.camel}: ${rowValue(field)},`)}
    insertedAt: new Date(row.inserted_at),
    updatedAt: new Date(row.updated_at),
  };
}

/** Returns the fields of the ${prose} as a form shows them. */
export function to${pascal}Fields(${camel}: ${pascal}): Readonly<Record<string, string>> {
  return {
${line(({ name, toText }) => `    ${name.snake}: ${toText(`${camel}.${name.camel}`)},`)}
  };
}
`;
}

/** Returns the code that turns a column into its property. The values of an enum were checked before they were saved. */
function rowValue({ name, fromColumn, validator, property, args }: Field): string {
  const value = fromColumn(`row.${name.snake}`);
  return validator === "oneOf" ? `${value} as ${property(args)}` : value;
}
