import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { joined } from "../support/site-browser.js";
import { currentItem, visitedSite } from "../support/site-visits.js";

const pages = [
  { path: "/", title: "Home", item: null, text: "This is the home page" },
  {
    path: "/notifications",
    title: "Notifications",
    item: "Notifications",
    text: "A test notification",
  },
  { path: "/mount-a", title: "Mount A", item: "Mount A", text: "My live socket ID is live-" },
  { path: "/mount-b", title: "Mount B", item: "Mount B", text: "My live socket ID is live-" },
  { path: "/users/register", title: "Register", item: "Register", text: "Already registered?" },
  { path: "/users/log_in", title: "Log in", item: "Log in", text: "Keep me logged in" },
] as const;

describe("a page", () => {
  const visits = visitedSite();

  for (const { path, title, item, text } of pages) {
    it(`is readable without JavaScript: ${path}`, async () => {
      const { page } = await visits().newVisit({ javaScriptEnabled: false });
      await page.goto(path);
      await page.getByText(text).waitFor();
      assert.equal(await page.title(), `${title} · Live sessions`);
      assert.equal(await currentItem(page), item);
    });

    it(`keeps every node when it joins, including those in shadow roots: ${path}`, async () => {
      const { page } = await visits().newVisit();
      const letScriptLoad = await holdScript(page);
      await page.goto(path, { waitUntil: "commit" });
      await page.locator("live-notifications").waitFor({ state: "attached" });
      await page.evaluate(tagNodes);
      letScriptLoad();
      await joined(page);
      await settled(page);
      const { tagged, kept } = await page.evaluate(countTagged);
      assert.ok(tagged > 50, `${tagged} nodes were there`);
      assert.equal(kept, tagged);
      assert.equal(await page.title(), `${title} · Live sessions`);
      assert.equal(await currentItem(page), item);
    });
  }

  it("navigates and shows flash messages without JavaScript", async () => {
    const { page, documents } = await visits().newVisit({ javaScriptEnabled: false });
    await page.goto("/");
    await page.getByRole("link", { name: "Mount A" }).click();
    await page.getByText("My live socket ID").waitFor();
    await page.getByRole("link", { name: "Mount C" }).click();
    await page.locator("live-flash").getByText("You must log in to access this page.").waitFor();
    assert.deepEqual(documents, ["/", "/mount-a", "/mount-c", "/users/log_in"]);
    assert.equal(await currentItem(page), "Log in");
  });

  it("shows a flash message before and after it joins, until the message is dismissed", async () => {
    const { page } = await visits().newVisit();
    const letScriptLoad = await holdScript(page);
    await page.goto("/mount-c", { waitUntil: "commit" });
    const message = page.locator("live-flash").getByText("You must log in to access this page.");
    await message.waitFor();
    letScriptLoad();
    await joined(page);
    await settled(page);
    assert.ok(await message.isVisible());
    await page.locator("live-flash").getByRole("button", { name: "Close" }).click();
    await message.waitFor({ state: "detached" });
  });

  it("keeps text, checkboxes, focus and caret that changed before it joined", async () => {
    const { page } = await visits().newVisit();
    const letSocketOpen = await holdSocket(page);
    await page.goto("/users/log_in");
    await page.locator("live-session[status=connecting]").waitFor();
    await page.getByLabel("Keep me logged in").check();
    await page.getByLabel("Password", { exact: true }).fill("a secret");
    const email = page.getByLabel("Email");
    await email.pressSequentially("sobody");
    for (let i = 0; i < 4; i++) await email.press("ArrowLeft");
    letSocketOpen();
    await joined(page);
    await settled(page);
    await page.keyboard.type("me");
    assert.equal(await email.inputValue(), "somebody");
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "a secret");
    assert.ok(await page.getByLabel("Keep me logged in").isChecked());
  });

  it("is light or dark like the system, including its shadow roots", async () => {
    const { page } = await visits().visit("/notifications");
    await page.getByRole("button", { name: "Send Test Notification" }).click();
    const item = page.locator("live-notifications [part~=item]");
    await item.waitFor();
    const background = page.locator("body");
    for (const [colorScheme, isBright] of [
      ["light", true],
      ["dark", false],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      for (const part of [background, item]) {
        const lightness = await part.evaluate((element) => {
          const [red = 0, green = 0, blue = 0] =
            getComputedStyle(element).backgroundColor.match(/\d+/g)?.map(Number) ?? [];
          return (red + green + blue) / 3;
        });
        assert.equal(
          lightness > 127,
          isBright,
          `${part} has lightness ${lightness} in ${colorScheme}`,
        );
      }
    }
  });

  it("that does not exist is a 404 with a link to the home page", async () => {
    const visit = await visits().newVisit();
    const response = await visit.page.goto("/nowhere");
    assert.equal(response?.status(), 404);
    await visit.page.getByRole("heading", { name: "Not Found" }).waitFor();
    assert.match(
      visit.complaints.splice(0).join(),
      /^Failed to load resource: [^,]* 404 \(Not Found\)$/,
    );
    await visit.page.getByRole("link", { name: "Go to the home page" }).click();
    await joined(visit.page);
  });

  it("is logged once when it loads and once when it joins", async () => {
    const lines = visits().site.lines.length;
    const { page } = await visits().visit("/");
    await page.getByRole("button", { name: "Increment" }).click();
    await page.getByText("Current count: 1").waitFor();
    await page.goto("/mount-a");
    await joined(page);
    assert.deepEqual(visits().site.lines.slice(lines), [
      "User came to this live view",
      "User came to this live view",
      "Event fired: inc",
    ]);
  });
});

/** Delays the client's script until the returned function is called. */
async function holdScript(page: Page): Promise<() => void> {
  const { promise, resolve } = gate();
  await page.route("**/live-session.js*", async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

/** Delays the WebSockets of a page until the returned function is called. */
async function holdSocket(page: Page): Promise<() => void> {
  const { promise, resolve } = gate();
  await page.routeWebSocket(/\/live\/websocket/, async (webSocket) => {
    await promise;
    webSocket.connectToServer();
  });
  return resolve;
}

function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Waits until the elements have rendered the data of the join. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    type Updating = Element & { readonly updateComplete?: Promise<boolean> };
    for (const element of document.querySelectorAll<Updating>("*"))
      while (!(await (element.updateComplete ?? true)));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  });
}

/** Stores all elements and text nodes of the page, including shadow roots, on `window`. Runs in the page. */
function tagNodes(): void {
  const nodes: [Node, Node | null][] = [];
  const ahead: Node[] = [document.body];
  for (let node = ahead.pop(); node; node = ahead.pop()) {
    const isText = node instanceof Text && node.data.trim() !== "";
    if (isText || node instanceof Element) nodes.push([node, node.parentNode]);
    ahead.push(...node.childNodes);
    if (node instanceof Element && node.shadowRoot) ahead.push(node.shadowRoot);
  }
  Object.assign(window, { tagged: nodes });
}

/** Counts the tagged nodes, and those that still have the same parent. Runs in the page. */
function countTagged(): { tagged: number; kept: number } {
  const { tagged } = window as unknown as { tagged: readonly [Node, Node | null][] };
  const kept = tagged.filter(([node, parent]) => node.isConnected && node.parentNode === parent);
  return { tagged: tagged.length, kept: kept.length };
}
