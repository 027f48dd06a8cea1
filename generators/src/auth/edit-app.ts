import { type CallExpression, type FunctionDeclaration, Node, SyntaxKind } from "ts-morph";
import type { PlannedEdit } from "../plan/plan.js";
import type { SchemaNames } from "../source/names.js";
import { found, objectOf, SourceEdit } from "../source/source-edit.js";

/** Plans to create the services of accounts in the app, and to install their middleware. */
export function editApp(names: SchemaNames): PlannedEdit {
  const { singular, plural } = names;
  const create = `create${singular.pascal}Services`;
  const users = plural.camel;
  return {
    path: "src/app.ts",
    apply(text) {
      if (text.includes(`${create}(`)) return text;
      const edit = new SourceEdit(text);
      const [live] = callsTo(edit.file, "createLive");
      const site = found(
        live?.getFirstAncestorByKind(SyntaxKind.FunctionDeclaration),
        "function that calls createLive",
      );
      addImports(edit, names);
      addServices(edit, site, names);
      addMiddleware(edit, site, names);
      addClose(edit, site, users);
      return edit.toString();
    },
    manual: `${servicesOf(names)}
  createRouter({ ${users}, … });

  app.use(resumeSession(${users}.${singular.camel}Session)); // after the session
  app.use(staleForms(${users})); // after the body parser, instead of csrf()
  app.use(${singular.camel}Http.routes()); // after live.middleware()

  await ${users}.close(); // before the database is closed`,
  };
}

function servicesOf({ singular, plural }: SchemaNames): string {
  return `  const ${plural.camel} = create${singular.pascal}Services({
    ...options,
    config,
    database,
    live: () => live,
    report: (error) => app.emit("error", error),
  });
  const ${singular.camel}Http = create${singular.pascal}HttpRoutes(${plural.camel});`;
}

function addImports(edit: SourceEdit, { singular }: SchemaNames): void {
  edit.import(["staleForms"], "./web/forms/stale-forms.js");
  edit.import(["resumeSession"], "./web/session/resume-session.js");
  edit.import([`create${singular.pascal}HttpRoutes`], `./web/${singular.kebab}-routes.js`);
  edit.import(
    [`create${singular.pascal}Services`, `type ${singular.pascal}Options`],
    `./web/${singular.kebab}-services.js`,
  );
}

function addServices(edit: SourceEdit, site: FunctionDeclaration, names: SchemaNames): void {
  const [database] = callsTo(site, "createDatabase");
  const statement = database?.getFirstAncestorByKind(SyntaxKind.VariableStatement);
  edit.insert(found(statement?.getEnd(), "call of createDatabase"), `\n${servicesOf(names)}`);
  const [router] = callsTo(site, "createRouter");
  const services = objectOf(router?.getArguments()[0], "services of the router");
  edit.addToObject(services, names.plural.camel, names.plural.camel);
  const options = found(edit.file.getInterface("SiteOptions"), 'interface "SiteOptions"');
  const type = `${names.singular.pascal}Options`;
  const extended = options.getExtends();
  const last = extended.at(-1);
  if (last) edit.insert(last.getEnd(), `, ${type}`);
  else edit.insert(options.getNameNode().getEnd(), ` extends ${type}`);
}

function addMiddleware(edit: SourceEdit, site: FunctionDeclaration, names: SchemaNames): void {
  const users = names.plural.camel;
  const http = `${names.singular.camel}Http`;
  const session = found(usedCall(site, "session"), "app.use(session(…))");
  const csrf = found(usedCall(site, "csrf"), "app.use(csrf())");
  const middleware = found(usedCall(site, "live.middleware"), "app.use(live.middleware())");
  edit.insert(
    useOf(session).getEnd(),
    `.use(resumeSession(${users}.${names.singular.camel}Session))`,
  );
  edit.replace(csrf.getStart(), csrf.getEnd(), `staleForms(${users})`);
  edit.insert(useOf(middleware).getEnd(), `.use(${http}.routes()).use(${http}.allowedMethods())`);
  removeImport(edit, "csrf");
}

function addClose(edit: SourceEdit, site: FunctionDeclaration, users: string): void {
  const close = site
    .getDescendantsOfKind(SyntaxKind.ExpressionStatement)
    .find((statement) => statement.getText() === "await database.close();");
  edit.insert(
    found(close?.getStart(), "await database.close()"),
    `await ${users}.close();\n      `,
  );
}

function callsTo(node: Node, name: string): CallExpression[] {
  return node
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().getText() === name);
}

/** Returns the call of a function whose result is passed to `use`. */
function usedCall(site: FunctionDeclaration, name: string): CallExpression | undefined {
  return callsTo(site, name).find((call) => {
    const use = call.getParent();
    const callee = Node.isCallExpression(use) ? use.getExpression() : undefined;
    return Node.isPropertyAccessExpression(callee) && callee.getName() === "use";
  });
}

/** Returns the call of `use` around the call of a middleware factory. */
function useOf(call: CallExpression): Node {
  return call.getParentOrThrow();
}

function removeImport(edit: SourceEdit, name: string): void {
  for (const declaration of edit.file.getImportDeclarations()) {
    const named = declaration.getNamedImports();
    const index = named.findIndex((specifier) => specifier.getName() === name);
    const [specifier, next] = [named[index], named[index + 1]];
    if (!specifier) continue;
    edit.replace(specifier.getStart(), next?.getStart() ?? specifier.getEnd(), "");
  }
}
