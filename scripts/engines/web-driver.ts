/** Name under which WebDriver returns the id of an element. */
const elementKey = "element-6066-11e4-a52e-4f735466cecf";

/** An element as a WebDriver command returns it. */
export type ElementReference = Readonly<Record<string, string>>;

/** A key to press down or to release. */
export interface KeyAction {
  readonly type: "keyDown" | "keyUp";
  /** A character, or the code point of a special key. */
  readonly value: string;
}

/** A session of a browser that is driven over W3C WebDriver, with plain HTTP requests. */
export class WebDriver {
  readonly #url: string;

  private constructor(url: string) {
    this.#url = url;
  }

  /**
   * Starts a browser.
   *
   * @param driver - URL of the driver, without a slash at its end
   * @throws Error with the driver's message if the browser does not start.
   */
  static async open(driver: string, capabilities: object): Promise<WebDriver> {
    const { sessionId } = (await request("POST", `${driver}/session`, {
      capabilities: { alwaysMatch: capabilities },
    })) as { sessionId: string };
    return new WebDriver(`${driver}/session/${sessionId}`);
  }

  /** Loads a page, and resolves when it has loaded. */
  async goTo(url: string): Promise<void> {
    await this.#post("url", { url });
  }

  /** Opens a window. It becomes the current one with `switchTo`. */
  async newWindow(): Promise<string> {
    return ((await this.#post("window/new", { type: "window" })) as { handle: string }).handle;
  }

  /** Makes a window the current one, to which the other commands apply. */
  async switchTo(handle: string): Promise<void> {
    await this.#post("window", { handle });
  }

  /** Runs the body of a function in the page, and returns what it returns or what its promise resolves to. */
  execute(script: string): Promise<unknown> {
    return this.#post("execute/sync", { script, args: [] });
  }

  /** Clicks an element as a user does. */
  async click(element: ElementReference): Promise<void> {
    await this.#post(`element/${element[elementKey]}/click`, {});
  }

  /**
   * Returns the element that a JavaScript expression returns.
   *
   * @throws Error if it returns none.
   */
  async find(expression: string): Promise<ElementReference> {
    const element = await this.execute(`return ${expression}`);
    if (!element) throw new Error(`no element was found: ${expression}`);
    return element as ElementReference;
  }

  /** Types into a field. */
  async type(element: ElementReference, text: string): Promise<void> {
    await this.#post(`element/${element[elementKey]}/value`, { text });
  }

  /** Presses and releases keys, in order. */
  async pressKeys(actions: readonly KeyAction[]): Promise<void> {
    await this.#post("actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    await request("DELETE", this.#url);
  }

  #post(command: string, body: object): Promise<unknown> {
    return request("POST", `${this.#url}/${command}`, body);
  }
}

async function request(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`WebDriver command failed: ${method} ${url}: ${error}: ${message}`);
}
