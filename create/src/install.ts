import { spawn } from "node:child_process";
import { once } from "node:events";
import { log, spinner } from "@clack/prompts";

/** Installs the packages of an app. Returns whether that succeeded; if not, shows the output. */
export async function install(packageManager: string, folder: string): Promise<boolean> {
  const progress = spinner();
  progress.start(`Installing packages with ${packageManager}`);
  const child = spawn(packageManager, ["install"], {
    cwd: folder,
    shell: process.platform === "win32", // On Windows npm is a batch file.
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  try {
    const [code] = await once(child, "close");
    if (code === 0) {
      progress.stop("The packages are installed");
      return true;
    }
  } catch (error) {
    output += error;
  }
  progress.stop("The packages could not be installed");
  log.warn(output.trim());
  return false;
}
