import type { Knex } from "knex";

/**
 * Creates a table with all its columns, keys and indexes, or nothing. MySQL commits each statement of a
 * migration separately, and knex runs several statements for a table. A process that dies in between would
 * leave a table without its unique index, and the next start would consider it complete. So the table is
 * created under a temporary name and renamed in the last step. Keys and indexes need explicit names, since
 * default names would contain the temporary name.
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

/** Compares strings by their bytes: by default "é" equals "e" in MySQL. */
function compareAsSqlite(table: Knex.CreateTableBuilder): void {
  table.charset("utf8mb4");
  table.collate("utf8mb4_bin");
}
