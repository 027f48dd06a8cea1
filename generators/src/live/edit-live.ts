import { Node, SyntaxKind } from "ts-morph";
import type { PlannedEdit } from "../plan/plan.js";
import type { SchemaNames } from "../source/names.js";
import { found, SourceEdit } from "../source/source-edit.js";

/** Plans to add an item to the menu of the layout. */
export function editMenu({ plural }: SchemaNames): PlannedEdit {
  const label = `${plural.prose.charAt(0).toUpperCase()}${plural.prose.slice(1)}`;
  const item = `{ id: "${plural.snake}", label: "${label}", navigate: "/${plural.snake}" }`;
  return {
    path: "src/web/layouts/app-layout.ts",
    apply(text) {
      if (text.includes(`"/${plural.snake}"`)) return text;
      const edit = new SourceEdit(text);
      const pages = edit.file.getVariableDeclaration("pages")?.getInitializer();
      const list = found(Node.isArrayLiteralExpression(pages) ? pages : undefined, "list of pages");
      edit.addToArray(list, item, "end");
      return edit.toString();
    },
    manual: `  ${item},`,
  };
}

/** Plans to add the operations to a context that exists. */
export function editContext({ context, singular }: SchemaNames): PlannedEdit {
  const operations = `${singular.camel}Operations`;
  return {
    path: `src/${context.kebab}/${context.kebab}.ts`,
    apply(text) {
      if (text.includes(`${operations}(`)) return text;
      const edit = new SourceEdit(text);
      const create = edit.file.getFunction(`create${context.pascal}`);
      const result = create?.getDescendantsOfKind(SyntaxKind.ReturnStatement)[0]?.getExpression();
      const object = found(
        Node.isObjectLiteralExpression(result) ? result : undefined,
        "result of the context",
      );
      found(/\bdatabase: Database\b/.exec(text) ?? undefined, "database of the context");
      edit.import([operations], `./${singular.kebab}-operations.js`);
      edit.addToObject(object, operations, `...${operations}(database)`);
      return edit.toString();
    },
    manual: `  ...${operations}(database), // from "./${singular.kebab}-operations.js"`,
  };
}
