import { type Block, type CallExpression, Node, SyntaxKind } from "ts-morph";
import type { PlannedEdit } from "../plan/plan.js";
import type { SchemaNames } from "../source/names.js";
import { found, SourceEdit } from "../source/source-edit.js";

/** The code to add to the router of an app. */
export interface NewRoutes {
  /** Names and the modules that export them. */
  readonly imports: readonly (readonly [name: string, module: string])[];
  /** Calls of `live` for the first live session. */
  readonly routes: readonly string[];
  /** A service that the router creates from the database, and the function that creates it. */
  readonly service?: { readonly name: string; readonly create: string };
}

/** Plans to add routes to the first live session of the router. */
export function addRoutes({ imports, routes, service }: NewRoutes): PlannedEdit {
  const creation = service ? `const ${service.name} = ${service.create}(database);` : "";
  return {
    path: "src/web/router.ts",
    apply(text) {
      if (routes.every((route) => text.includes(route))) return text;
      const edit = new SourceEdit(text);
      const router = edit.file.getFunction("createRouter");
      const body = found(router?.getBody()?.asKind(SyntaxKind.Block), 'function "createRouter"');
      const chain = found(firstChain(body), "live session");
      if (service && !declares(body, service.name)) {
        const services = router?.getParameters()[0]?.getNameNode().getText() ?? "";
        found(/\bdatabase\b/.exec(services) ?? undefined, 'service "database" of the router');
        edit.insert(startOf(body), `${creation}\n  `);
      }
      for (const [name, module] of imports) edit.import([name], module);
      edit.insert(chain.getEnd(), `\n    ${routes.join("\n    ")}`);
      return edit.toString();
    },
    manual: `  ${creation}\n  live.liveSession(…)\n    ${routes.join("\n    ")};`,
  };
}

/** Plans to add the pages of a schema to the first live session of the router. */
export function editLiveRouter({ context, singular, plural }: SchemaNames): PlannedEdit {
  const path = `/${plural.snake}`;
  const live = (view: string) => `${singular.camel}${view}Live`;
  const route = (to: string, view: string, action: string) =>
    `.live("${to}", ${live(view)}(${context.camel}), "${action}")`;
  const create = `create${context.pascal}`;
  const module = (view: string) => `./live/${singular.kebab}-${view.toLowerCase()}-live.js`;
  return addRoutes({
    imports: [
      [create, `../${context.kebab}/${context.kebab}.js`],
      ...["Form", "Index", "Show"].map((view) => [live(view), module(view)] as const),
    ],
    routes: [
      route(path, "Index", "index"),
      route(`${path}/new`, "Form", "new"),
      route(`${path}/:id`, "Show", "show"),
      route(`${path}/:id/edit`, "Form", "edit"),
    ],
    service: { name: context.camel, create },
  });
}

function declares(body: Block, name: string): boolean {
  return body.getVariableDeclaration(name) !== undefined;
}

function startOf(body: Block): number {
  return found(body.getStatements()[0], "statement of the router").getStart();
}

/** Returns the whole chain of calls that starts with the first `liveSession`. */
function firstChain(body: Node): CallExpression | undefined {
  let chain = body.getDescendantsOfKind(SyntaxKind.CallExpression).find((candidate) => {
    const callee = candidate.getExpression();
    return Node.isPropertyAccessExpression(callee) && callee.getName() === "liveSession";
  });
  for (;;) {
    const access: Node | undefined = chain?.getParent();
    const outer: Node | undefined = access?.getParent();
    if (!Node.isPropertyAccessExpression(access) || !Node.isCallExpression(outer)) return chain;
    chain = outer;
  }
}
