import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Launcher } from "chrome-launcher";

const advice = "Install Chrome or Chromium, or set CHROME_PATH to the path of its executable.";

/**
 * The path of a Chrome or Chromium that runs: the one of `CHROME_PATH`, else an installed one, else, as root
 * on Debian and its kin, one that this installs with apt.
 *
 * @throws Error that says what to install, if there is none.
 */
export function findChromium(): string {
  const given = process.env.CHROME_PATH;
  if (given) {
    if (runs(given)) return given;
    throw new Error(`CHROME_PATH is ${given}, which does not run. ${advice}`);
  }
  const found = installed() ?? (installWithApt() ? installed() : undefined);
  if (!found) throw new Error(`no Chrome or Chromium was found. ${advice}`);
  return found;
}

function installed(): string | undefined {
  try {
    return Launcher.getInstallations().find(runs);
  } catch {
    return undefined; // On Linux the launcher throws where it finds none.
  }
}

function runs(executable: string): boolean {
  if (process.platform === "win32") return existsSync(executable); // There, --version opens a window.
  try {
    execFileSync(executable, ["--version"], { stdio: "ignore", timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

function installWithApt(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.log("No Chrome or Chromium is installed: installing chromium with apt-get.");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    for (const args of [
      ["update", "-qq"],
      ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ]) {
      execFileSync("apt-get", args, { env, stdio: ["ignore", "inherit", "inherit"] });
    }
    return true;
  } catch {
    return false;
  }
}
