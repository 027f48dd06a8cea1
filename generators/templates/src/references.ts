import type { Knex } from "knex";
import type { Checked } from "./fields.js";

/**
 * Checks that the rows exist whose ids the fields of a form contain. A foreign key refuses a row that is deleted
 * between this check and the change.
 *
 * @param tables the table of each field that is a reference
 */
export async function checkReferences<Values extends object>(
  knex: Knex,
  values: Values,
  tables: { readonly [Field in keyof Values]?: string },
): Promise<Checked<Values>> {
  const errors: { [Field in keyof Values]?: readonly string[] } = {};
  for (const [field, table] of Object.entries(tables) as [keyof Values, string][]) {
    const found = await knex(table)
      .where("id", values[field] as number)
      .first("id");
    if (!found) errors[field] = ["does not exist"];
  }
  return Object.keys(errors).length === 0 ? { ok: true, values } : { ok: false, errors };
}
