import { Node, type ParameterDeclaration, SyntaxKind } from "ts-morph";
import type { PlannedEdit } from "../plan/plan.js";
import type { SchemaNames } from "../source/names.js";
import { found, SourceEdit } from "../source/source-edit.js";

/** Plans to add the routes of accounts, and the current user to the live sessions of the app. */
export function editRouter({ singular, plural }: SchemaNames): PlannedEdit {
  const services = `${singular.pascal}Services`;
  const add = `add${singular.pascal}Routes`;
  const fetch = `use: ${plural.camel}.auth.middleware.fetchCurrent${singular.pascal}`;
  const mount = `${plural.camel}.auth.hooks.mountCurrent${singular.pascal}`;
  return {
    path: "src/web/router.ts",
    apply(text) {
      if (text.includes(`${add}(`)) return text;
      const edit = new SourceEdit(text);
      const created = edit.file
        .getDescendantsOfKind(SyntaxKind.NewExpression)
        .find((node) => node.getExpression().getText() === "LiveRouter");
      const router = created?.getFirstAncestorByKind(SyntaxKind.FunctionDeclaration);
      const variable = created?.getFirstAncestorByKind(SyntaxKind.VariableDeclaration)?.getName();
      const end = router
        ?.getDescendantsOfKind(SyntaxKind.ReturnStatement)
        .find((statement) => statement.getExpression()?.getText() === variable);
      const parameter = found(router?.getParameters()[0], "function that creates the router");
      edit.import([add], `./${singular.kebab}-routes.js`);
      edit.import([`type ${services}`], `./${singular.kebab}-services.js`);
      addService(edit, parameter, plural.camel, services);
      for (const options of sessionOptions(edit)) {
        if (!options.getProperty("use")) edit.insert(options.getStart() + 1, ` ${fetch},`);
        const hooks = options
          .getProperty("onMount")
          ?.getFirstChildByKind(SyntaxKind.ArrayLiteralExpression);
        if (hooks) edit.addToArray(hooks, mount, "start");
      }
      const at = found(end?.getStart(), "return of the router");
      edit.insert(at, `${add}(${variable}, ${plural.camel});\n  `);
      return edit.toString();
    },
    manual: `  ${add}(live, ${plural.camel}); // from "./${singular.kebab}-routes.js"

and to each live session that shows the current ${singular.prose}:

  ${fetch},
  onMount: [${mount}, …],`,
  };
}

/** Adds a service to the parameter of the function that creates the router, and to the type of the parameter. */
function addService(
  edit: SourceEdit,
  parameter: ParameterDeclaration,
  name: string,
  type: string,
): void {
  const pattern = parameter.getNameNode().asKind(SyntaxKind.ObjectBindingPattern);
  const typeName = parameter.getTypeNode()?.getText() ?? "";
  const target = found(edit.file.getInterface(typeName), "interface of the services of the router");
  edit.insert(found(pattern, "services of the router").getStart() + 1, ` ${name},`);
  edit.addToInterface(target, name, `readonly ${name}: ${type};`);
}

/** Returns the options of all live sessions in a file. */
function sessionOptions(edit: SourceEdit) {
  return edit.file.getDescendantsOfKind(SyntaxKind.CallExpression).flatMap((call) => {
    const callee = call.getExpression();
    const [, options] = call.getArguments();
    const isSession = Node.isPropertyAccessExpression(callee) && callee.getName() === "liveSession";
    return isSession && Node.isObjectLiteralExpression(options) ? [options] : [];
  });
}
