import { Node } from "ts-morph";
import type { PlannedEdit } from "../plan/plan.js";
import type { SchemaNames } from "../source/names.js";
import { found, SourceEdit } from "../source/source-edit.js";

/** A migration: the name that the database records, and its module. */
export interface NewMigration {
  readonly name: string;
  readonly variable: string;
  readonly module: string;
}

/** Plans to add the migrations of accounts. */
export function editMigrations(names: SchemaNames, now: Date): PlannedEdit {
  const { snake, pascal, kebab } = names.plural;
  const migrations = [
    [`create_${snake}`, `create${pascal}`, `./create-${kebab}.js`],
    [`create_${snake}_tokens`, `create${pascal}Tokens`, `./create-${kebab}-tokens.js`],
    [
      `add_${snake}_tokens_details`,
      `add${pascal}TokensDetails`,
      `./add-${kebab}-tokens-details.js`,
    ],
  ] as const;
  return addMigrations(
    migrations.map(([name, variable, module], index) => ({
      name: `${timestampOf(now, index)}_${name}`,
      variable,
      module,
    })),
  );
}

/** Plans to add migrations to the list of all migrations, after those that it has. */
export function addMigrations(migrations: readonly NewMigration[]): PlannedEdit {
  const element = ({ name, variable }: NewMigration) => `["${name}", ${variable}]`;
  return {
    path: "src/migrations/migrations.ts",
    apply(text) {
      if (migrations.every(({ module }) => text.includes(`"${module}"`))) return text;
      const edit = new SourceEdit(text);
      const created = edit.file.getVariableDeclaration("migrations")?.getInitializer();
      const list = Node.isNewExpression(created) ? created.getArguments()[0] : undefined;
      const array = found(
        Node.isArrayLiteralExpression(list) ? list : undefined,
        "list of migrations",
      );
      for (const { variable, module } of migrations) edit.import([variable], module);
      edit.addToArray(array, migrations.map(element).join(", "), "end");
      return edit.toString();
    },
    manual: migrations
      .map((migration) => `  ${element(migration)}, // from "${migration.module}"`)
      .join("\n"),
  };
}

/** Returns the time of a migration, `20261130023000`. Later indexes sort later. */
export function timestampOf(now: Date, index: number): string {
  const time = new Date(now.getTime() + 1000 * index).toISOString();
  return time.slice(0, 19).replaceAll(/[-T:]/g, "");
}
