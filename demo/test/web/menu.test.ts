import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { uniqueEmail, validPassword } from "../support/accounts.js";
import { testedSite } from "../support/tested-site.js";
import { Visitor } from "../support/visitor.js";

const pages = ["Notifications", "Mount A", "Mount B", "Mount C"];

describe("the menu", () => {
  const site = testedSite();

  for (const path of ["/", "/mount-a", "/users/log_in", "/users/confirm"]) {
    it(`shows visitors the pages and the links to register and log in: ${path}`, async () => {
      const { text } = await new Visitor(site().url).get(path);
      assert.deepEqual(menuOf(text), { items: [...pages, "Register", "Log in"], email: undefined });
    });
  }

  for (const path of ["/", "/mount-b", "/mount-c", "/users/settings"]) {
    it(`shows users the pages, their address, the settings and the logout link: ${path}`, async () => {
      const visitor = new Visitor(site().url);
      const email = uniqueEmail();
      await visitor.register(email, validPassword);
      const { text } = await visitor.get(path);
      assert.deepEqual(menuOf(text), { items: [...pages, "Settings", "Log out"], email });
    });
  }
});

/** Returns the items of the menu of a page, in order. */
function menuOf(page: string): { readonly items: string[]; readonly email: string | undefined } {
  const header = /<header.*?<\/header>/s.exec(page)?.[0] ?? "";
  const items = [...header.matchAll(/part="item[^>]*>([^<]*)</g)].map(([, label = ""]) =>
    label.trim(),
  );
  return { items, email: /class="email">([^<]*)</.exec(header)?.[1] };
}
