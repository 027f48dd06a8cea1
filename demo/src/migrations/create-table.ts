import type { Knex } from "knex";

/**
 * Creates a table with all its columns, keys and indexes, or nothing. MySQL commits every statement of a
 * migration by itself, and knex takes several for a table: a process that dies between them would leave a
 * table without its unique index, taken for finished at the next start. So the table grows under another
 * name, and gets its own in the last step. Keys and indexes must be named, since their default names would
 * have that other name in them.
 */
export async function createTable(
  db: Knex,
  name: string,
  define: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  if (await db.schema.hasTable(name)) return;
  const unfinished = `${name}_unfinished`;
  await db.schema.dropTableIfExists(unfinished);
  await db.schema.createTable(unfinished, (table) => {
    if (isMysql(db)) compareAsSqlite(table);
    define(table);
  });
  await db.schema.renameTable(unfinished, name);
}

function isMysql(db: Knex): boolean {
  return (db.client as { readonly dialect: string }).dialect === "mysql";
}

/** Strings that differ in anything differ: by default MySQL takes "é" for "e". */
function compareAsSqlite(table: Knex.CreateTableBuilder): void {
  table.charset("utf8mb4");
  table.collate("utf8mb4_bin");
}
