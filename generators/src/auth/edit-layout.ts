import { Node, SyntaxKind } from "ts-morph";
import type { PlannedEdit } from "../plan/plan.js";
import type { SchemaNames } from "../source/names.js";
import { found, SourceEdit } from "../source/source-edit.js";

/** Plans to show the account menu in the layout, after the first `<light-nav>`. */
export function editLayout({ context, singular, plural }: SchemaNames): PlannedEdit {
  const current = `current${singular.pascal}`;
  const menu = `${singular.camel}Menu`;
  const call = `\${${menu}({ ${current}, activeNav, csrfToken })}`;
  return {
    path: "src/web/layouts/app-layout.ts",
    apply(text) {
      if (text.includes(`${menu}(`)) return text;
      const edit = new SourceEdit(text);
      const layout = edit.file.getVariableDeclaration("appLayout")?.getInitializer();
      const [parameter] = Node.isArrowFunction(layout) ? layout.getParameters() : [];
      const pattern = found(
        parameter?.getNameNode().asKind(SyntaxKind.ObjectBindingPattern),
        'parameters of "appLayout"',
      );
      const bound = pattern.getElements().map((element) => element.getName());
      const missing = [current, "csrfToken"].filter((name) => !bound.includes(name));
      const needs = found(edit.file.getInterface("AppLayoutNeeds"), 'interface "AppLayoutNeeds"');
      const nav = text.indexOf("</light-nav>", pattern.getEnd());
      const at = found(nav < 0 ? undefined : nav + "</light-nav>".length, "<light-nav>");
      const type = `../../${context.kebab}/${plural.kebab}/${singular.kebab}.js`;
      edit.import([`type ${singular.pascal}`], type);
      edit.import([menu], `./${singular.kebab}-menu.js`);
      edit.addToInterface(needs, current, `readonly ${current}?: ${singular.pascal} | null;`);
      edit.insert(pattern.getStart() + 1, ` ${missing.join(", ")},`);
      edit.insert(at, `\n      ${call}`);
      return edit.toString();
    },
    manual: `  ${call}  // from "./${singular.kebab}-menu.js"`,
  };
}
