import { expect } from "chai";
import { html } from "lit";
import { sendKeys } from "../../support/commands.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../../support/live-page.js";

const dialogOf = ({ session }: LivePage): HTMLDialogElement => session.querySelector("dialog")!;

const buttonOf = ({ session }: LivePage): HTMLElement => session.querySelector("#open")!;

/** Opens a page and its dialog, which uses commands and a hook. */
async function openDialog(): Promise<LivePage> {
  const page = await joinPage({
    view: html`<button
        id="open"
        live-click=${JSON.stringify([["dispatch", { event: "dialog:open", to: "#help" }]])}
      >Help</button>
      <dialog
        id="help"
        live-hook="Dialog"
        ?open=${false}
        live-mounted=${JSON.stringify([["ignoreAttributes", { names: ["open"] }]])}
      >
        <form method="dialog"><p>${"one"}</p><input /><button id="close">Close</button></form>
      </dialog>`,
  });
  let isMounted = false;
  page.session.hooks = {
    Dialog: {
      mounted() {
        const element = this.element as HTMLDialogElement;
        element.addEventListener("dialog:open", () => element.showModal());
        element.addEventListener("click", (e) => {
          if (e.target === element) element.close();
        });
        isMounted = true;
      },
    },
  };
  await until(() => isMounted);
  buttonOf(page).focus();
  buttonOf(page).click();
  await until(() => dialogOf(page).open);
  return page;
}

describe("a dialog that uses commands and a hook", () => {
  afterEach(closePages);

  it("keeps the focus inside and restores it on Escape", async () => {
    const page = await openDialog();
    expect(dialogOf(page).contains(document.activeElement)).to.equal(true);
    // After the last control the focus would go to the browser's own controls, and stay there in later tests.
    await sendKeys({ press: "Tab" });
    expect(document.activeElement).to.equal(dialogOf(page).querySelector("#close"));
    await sendKeys({ down: "Shift" });
    await sendKeys({ press: "Tab" });
    await sendKeys({ up: "Shift" });
    expect(document.activeElement).to.equal(dialogOf(page).querySelector("input"));
    await sendKeys({ press: "Escape" });
    await until(() => !dialogOf(page).open);
    expect(document.activeElement === buttonOf(page)).to.equal(true);
  });

  it("is closed by a click outside and by its button, but not by a click inside", async () => {
    const page = await openDialog();
    dialogOf(page).querySelector("p")!.click();
    expect(dialogOf(page).open).to.equal(true);
    dialogOf(page).click();
    expect(dialogOf(page).open).to.equal(false);
    buttonOf(page).click();
    dialogOf(page).querySelector<HTMLElement>("#close")!.click();
    await until(() => !dialogOf(page).open);
  });

  it("stays open when the server changes it", async () => {
    const page = await openDialog();
    page.server.push("diff", { diff: { 1: true, 3: "two" } });
    await until(() => dialogOf(page).querySelector("p")!.textContent === "two");
    page.server.push("diff", { diff: { 1: false, 3: "three" } });
    await until(() => dialogOf(page).querySelector("p")!.textContent === "three");
    expect(dialogOf(page).open).to.equal(true);
  });
});
