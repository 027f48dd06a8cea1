import { cpSync, rmSync } from "node:fs";
import { sharedFiles } from "../create/src/shared-files.js";
import { authFiles, authSupportFiles } from "../generators/src/auth/auth-files.js";
import { buildBundle } from "./bundle.js";
import { buildManifest } from "./manifest.js";
import { shell } from "./shell.js";

// npm run build [-- workspace …]
const chosen = process.argv.slice(2);

// In the order of their imports, because each package reads the declarations of the previous one.
for (const workspace of ["components", "adapter-koa", "create", "generators", "demo"]) {
  if (chosen.length > 0 && !chosen.includes(workspace)) continue;
  rmSync(`${workspace}/dist`, { recursive: true, force: true });
  if (!(await shell(`tsc -p ${workspace}/tsconfig.build.json --checkers 1`))) process.exit(1);
  if (workspace === "components") {
    await buildManifest();
    if (!(await buildBundle())) process.exit(1);
  }
  if (workspace === "create")
    for (const file of sharedFiles) cpSync(`demo/src/${file}`, `create/dist/shared/${file}`);
  if (workspace === "generators")
    for (const file of [...authFiles, ...authSupportFiles])
      cpSync(`demo/${file}`, `generators/dist/templates/${file}`, { recursive: true });
  // The demo reads stylesheets and images from the folder of its compiled modules.
  if (workspace === "demo")
    cpSync("demo/src", "demo/dist", { recursive: true, filter: (file) => !file.endsWith(".ts") });
}
