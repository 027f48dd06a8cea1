import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { installWithApt } from "../apt.js";
import { WebDriver } from "./web-driver.js";

const programs = ["/usr/bin/WebKitWebDriver", "/usr/bin/Xvfb"];

/** A running WebKitGTK, and the session that drives it. */
export interface RunningWebKit {
  readonly driver: WebDriver;
  stop(): Promise<void>;
}

/** How a WebKitGTK starts. */
export interface WebKitOptions {
  /** Whether pages run scripts; true by default. */
  readonly javaScript?: boolean;
}

/**
 * Makes sure that WebKitGTK, its driver and a virtual display are installed.
 *
 * @throws Error that names the packages, if they are not installed and cannot be.
 */
export function installWebKit(): void {
  if (isInstalled()) return;
  installWithApt("webkit2gtk-driver", "xvfb");
  if (!isInstalled())
    throw new Error("WebKitGTK was not found. Install Debian's webkit2gtk-driver and xvfb.");
}

/**
 * Starts WebKitGTK on a virtual display of its own. One driver drives one browser, so that each browser
 * has its own driver process.
 */
export async function startWebKit({
  javaScript = true,
}: WebKitOptions = {}): Promise<RunningWebKit> {
  const processes: ChildProcess[] = [];
  const stopProcesses = async () => {
    for (const child of processes.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill();
      await once(child, "exit");
    }
  };
  const killAtExit = () => {
    for (const child of processes) child.kill("SIGKILL");
  };
  process.once("exit", killAtExit);
  try {
    const display = await startDisplay(processes);
    const url = await startDriver(processes, display);
    const driver = await WebDriver.open(url, {
      "webkitgtk:browserOptions": {
        binary: miniBrowser(),
        args: ["--automation", "--features=NavigationAPI", `--enable-javascript=${javaScript}`],
      },
    });
    return {
      driver,
      async stop() {
        await driver.close();
        await stopProcesses();
        process.off("exit", killAtExit);
      },
    };
  } catch (error) {
    await stopProcesses();
    throw error;
  }
}

function isInstalled(): boolean {
  return programs.every((program) => existsSync(program)) && miniBrowser() !== undefined;
}

/** The small browser that comes with the library, in a folder named after the machine's architecture. */
function miniBrowser(): string | undefined {
  return readdirSync("/usr/lib")
    .map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`)
    .find((file) => existsSync(file));
}

/** Starts a virtual display and returns its name. The server itself chooses a free number. */
async function startDisplay(processes: ChildProcess[]): Promise<string> {
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x1024x24"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  processes.push(server);
  const [number] = (await once(server.stdio[3] as Readable, "data")) as [Buffer];
  return `:${number.toString().trim()}`;
}

/** Starts a driver and returns its URL. */
async function startDriver(processes: ChildProcess[], display: string): Promise<string> {
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
    stdio: "ignore",
    env: {
      ...process.env,
      DISPLAY: display,
      GDK_BACKEND: "x11",
      LIBGL_ALWAYS_SOFTWARE: "1",
      NO_AT_BRIDGE: "1",
      // With `C.UTF-8`, the browser's language is "C", which no function of Intl accepts. With "C" it is English.
      LC_ALL: "C",
      // WebKit's sandbox needs rights that root in a container does not have.
      ...(process.getuid?.() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" }),
    },
  });
  processes.push(driver);
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    try {
      await fetch(`${url}/status`);
      return url;
    } catch (error) {
      if (attempt === 100) throw error;
      await wait(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
