import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { AppName } from "./app-name.js";
import type { DatabaseName } from "./arguments.js";
import { sharedFiles } from "./shared-files.js";

const folderOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The requirement of an SMTP server in production. An app without mails does not need one. */
const SMTP_REQUIRED = `  SECRET: secrets,
  SMTP_URL: urlOf(/^smtps?$/, "smtps://user:password@mail.example.com"),
});`;

/**
 * Returns the files of a new app, by path.
 *
 * @param shared the folder with the files that the app shares with the demo
 */
export function readTemplate(
  names: AppName,
  database: DatabaseName,
  shared: string = folderOf("./shared"),
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const file of sharedFiles) {
    const content = readFileSync(path.join(shared, file), "utf8");
    files.set(`src/${file}`, withNames(forNewApp(file, content), names));
  }
  const folders = ["../template", ...(database === "mysql" ? ["../template-mysql"] : [])];
  for (const [file, content] of folders.flatMap((folder) => filesIn(folderOf(folder))))
    files.set(file.replace(/\.template$/, ""), withNames(content, names));

  files.set("package.json", toPackage(files.get("package.json") ?? "", database));
  files.set(".env", files.get(".env.example") ?? "");
  return files;
}

function filesIn(folder: string): [file: string, content: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      const relative = path.relative(folder, file).split(path.sep).join("/");
      return [relative, readFileSync(file, "utf8")];
    });
}

/** Adapts a file of the demo to an app that has no mails. */
function forNewApp(file: string, content: string): string {
  if (file !== "config.ts") return content;
  return content.replace(SMTP_REQUIRED, "  SECRET: secrets,\n});");
}

const placeholders: Readonly<Record<string, keyof AppName>> = {
  "my-app": "name",
  "My app": "title",
  my_app: "database",
  demo: "name",
  "Live sessions": "title",
};

/** Replaces the names of the template and of the demo with those of the app. */
function withNames(content: string, names: AppName): string {
  return content.replaceAll(
    /my-app|My app|my_app|demo(?=\.sqlite)|(?<=")demo(?=:)|(?<= · |<title>)Live sessions/g,
    (found) => names[placeholders[found] ?? "name"],
  );
}

/** Sets the driver of the database, and the version of the library, which equals that of this package. */
function toPackage(content: string, database: DatabaseName): string {
  const app = JSON.parse(content);
  const { version } = JSON.parse(readFileSync(folderOf("../package.json"), "utf8"));
  for (const group of [app.dependencies, app.devDependencies]) {
    for (const name of Object.keys(group))
      if (/^(@live-session\/|live-session$)/.test(name)) group[name] = `^${version}`;
  }
  if (database === "mysql") {
    delete app.dependencies["better-sqlite3"];
    delete app.allowScripts["better-sqlite3"];
    app.dependencies.mysql2 = "^3.24.6";
    app.dependencies = Object.fromEntries(Object.entries(app.dependencies).sort());
  }
  return `${JSON.stringify(app, null, 2)}\n`;
}
