import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Launcher } from "chrome-launcher";
import { installWithApt } from "./apt.js";

const advice = "Install Chrome or Chromium, or set CHROME_PATH to the path of its executable.";

/** Chromium without the windows of a desktop. It loads a page in half the CPU time. */
const headlessShell = "/usr/bin/chromium-headless-shell";

/**
 * Returns the path of a Chrome or Chromium: the value of `CHROME_PATH`, or an installed one, preferably Debian's headless
 * shell. As root on Debian and related systems it installs one with apt if necessary.
 *
 * @throws Error with advice if no browser was found
 */
export function findChromium(): string {
  const given = process.env.CHROME_PATH;
  if (given) {
    if (runs(given)) return given;
    throw new Error(`CHROME_PATH is ${given}, which does not start. ${advice}`);
  }
  const found = installed() ?? install("chromium-headless-shell") ?? install("chromium");
  if (!found) throw new Error(`no Chrome or Chromium was found. ${advice}`);
  return found;
}

const install = (name: string): string | undefined =>
  installWithApt(name) ? installed() : undefined;

function installed(): string | undefined {
  if (runs(headlessShell)) return headlessShell;
  try {
    return Launcher.getInstallations().find(runs);
  } catch {
    return undefined; // On Linux the launcher throws if it finds none.
  }
}

function runs(executable: string): boolean {
  if (process.platform === "win32") return existsSync(executable); // On Windows --version opens a window.
  try {
    execFileSync(executable, ["--version"], { stdio: "ignore", timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
