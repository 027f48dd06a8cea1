import type { Database } from "../../src/database.js";

/**
 * Returns the id of a row to which rows of other tables can refer. Adds one if the table is empty, and the rows to which
 * that one refers.
 */
export async function idOfAnyRow(database: Database, table: string): Promise<string> {
  const { knex } = database;
  const present = await knex(table).first("id");
  if (present) return String(present.id);
  const row: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(await knex(table).columnInfo())) {
    const isFilledIn = name === "id" || column.nullable || column.defaultValue !== null;
    if (!isFilledIn) row[name] = sampleOf(column.type);
  }
  for (const { column, other } of await referencesOf(database, table))
    if (column in row) row[column] = await idOfAnyRow(database, other);
  const [id] = await knex(table).insert(row);
  return String(id);
}

/** Returns a value that a column of the type accepts. */
function sampleOf(type: string): unknown {
  if (/char|text/i.test(type)) return "x";
  if (/date|time/i.test(type)) return new Date();
  return /blob|binary/i.test(type) ? Buffer.of() : 0;
}

/** Returns the columns with foreign keys, and the tables to which they refer. */
async function referencesOf(
  { knex }: Database,
  table: string,
): Promise<readonly { readonly column: string; readonly other: string }[]> {
  if (knex.client.dialect === "mysql") {
    return knex("information_schema.key_column_usage")
      .select({ column: "column_name", other: "referenced_table_name" })
      .where({ table_schema: knex.raw("database()"), table_name: table })
      .whereNotNull("referenced_table_name");
  }
  const keys: readonly { from: string; table: string }[] = await knex.raw(
    "PRAGMA foreign_key_list(??)",
    [table],
  );
  return keys.map(({ from, table }) => ({ column: from, other: table }));
}
