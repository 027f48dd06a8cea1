import type { SchemaNames } from "../source/names.js";
import { type Field, isReference } from "./field.js";

/** Returns the code of the context, which combines the operations on its tables. */
export function contextCode({ context, singular }: SchemaNames): string {
  return `import type { Database } from "../database.js";
import { ${singular.camel}Operations } from "./${singular.kebab}-operations.js";

/** All operations of the ${context.prose}. */
export type ${context.pascal} = ReturnType<typeof create${context.pascal}>;

/** Creates the operations of the ${context.prose} for a database. */
export function create${context.pascal}(database: Database) {
  return { ...${singular.camel}Operations(database) };
}
`;
}

/** Returns the code of the operations on the table. */
export function operationsCode(
  { singular, plural }: SchemaNames,
  fields: readonly Field[],
): string {
  const { pascal, camel, prose, kebab } = singular;
  const references = fields.filter(isReference);
  const tables = references.map(({ name, args }) => `${name.snake}: "${args[0]}"`).join(", ");
  const hasReferences = references.length > 0;
  const check = hasReferences ? "await check(attrs)" : `checkFields(${camel}Schema, attrs)`;
  return `import type { Database } from "../database.js";
import { checkFields, type FieldErrors, fieldErrors } from "../fields.js";
${hasReferences ? 'import { checkReferences } from "../references.js";\n' : ""}import { type ${pascal}, type ${pascal}Row, ${camel}Schema, to${pascal} } from "./${kebab}.js";

/** Result of a form: the ${prose}, or the errors of its fields. */
export type ${pascal}Result =
  | { readonly ok: true; readonly ${camel}: ${pascal} }
  | { readonly ok: false; readonly errors: FieldErrors };

/** Reports an id that no ${prose} has. The page of this id responds with 404. */
export class ${pascal}NotFoundError extends Error {
  override readonly name = "${pascal}NotFoundError";
  readonly status = 404;

  constructor() {
    super("no ${prose} has this id");
  }
}

/** Operations on ${plural.prose}. Values of forms and ids of paths can be passed unchecked. */
export function ${camel}Operations({ knex }: Database, now: () => Date = () => new Date()) {
  const rows = () => knex<${pascal}Row>("${plural.snake}");
  const withId = (id: unknown) =>
    rows().where({ id: /^[1-9]\\d{0,9}$/.test(String(id)) ? Number(id) : 0 });
${hasReferences ? checkFunction(camel, tables) : ""}
  async function get${pascal}(id: unknown): Promise<${pascal}> {
    const row = await withId(id).first();
    if (!row) throw new ${pascal}NotFoundError();
    return to${pascal}(row);
  }

  return {
    /** Returns all ${plural.prose}, in the order in which they were added. */
    async list${plural.pascal}(): Promise<readonly ${pascal}[]> {
      return (await rows().orderBy("id")).map(to${pascal});
    },

    /**
     * Finds the ${prose} with this id.
     *
     * @throws ${pascal}NotFoundError when no ${prose} has the id.
     */
    get${pascal},

    /** Validates the fields of a form, fast enough for every keystroke. */
    change${pascal}(attrs: unknown): FieldErrors {
      return fieldErrors(${camel}Schema, attrs);
    },

    /** Adds one ${prose}. */
    async create${pascal}(attrs: unknown): Promise<${pascal}Result> {
      const checked = ${check};
      if (!checked.ok) return checked;
      const times = { inserted_at: now(), updated_at: now() };
      const [id] = await knex("${plural.snake}").insert({ ...checked.values, ...times });
      return { ok: true, ${camel}: await get${pascal}(id) };
    },

    /** Changes the ${prose}. */
    async update${pascal}({ id }: ${pascal}, attrs: unknown): Promise<${pascal}Result> {
      const checked = ${check};
      if (!checked.ok) return checked;
      await knex("${plural.snake}")
        .where({ id })
        .update({ ...checked.values, updated_at: now() });
      return { ok: true, ${camel}: await get${pascal}(id) };
    },

    /** Deletes the ${prose} with this id. Deleting it twice has no effect. */
    async delete${pascal}(id: unknown): Promise<void> {
      await withId(id).delete();
    },
  };
}
`;
}

/** Returns the code of the function that validates a form with references. */
function checkFunction(camel: string, tables: string): string {
  return `
  async function check(attrs: unknown) {
    const checked = checkFields(${camel}Schema, attrs);
    return checked.ok ? checkReferences(knex, checked.values, { ${tables} }) : checked;
  }
`;
}
