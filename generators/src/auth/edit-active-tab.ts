import type { PlannedEdit } from "../plan/plan.js";
import type { SchemaNames } from "../source/names.js";
import { objectOf, SourceEdit } from "../source/source-edit.js";

/** Plans to mark the items of the account menu. */
export function editActiveTab({ singular: { pascal } }: SchemaNames): PlannedEdit {
  return addTabs([
    [`${pascal}LoginLive`, "login"],
    [`${pascal}LoginCodeLive`, "login"],
    [`${pascal}MagicLinkLive`, "login"],
    [`${pascal}RegistrationLive`, "register"],
    [`${pascal}SettingsLive`, "settings"],
    [`${pascal}EmailChangeLive`, "settings"],
  ]);
}

/** Plans to mark the items of the menu: the name of a view and the id of its item. */
export function addTabs(tabs: readonly (readonly [view: string, tab: string])[]): PlannedEdit {
  return {
    path: "src/web/hooks/active-tab.ts",
    apply(text) {
      const edit = new SourceEdit(text);
      const initializer = edit.file.getVariableDeclaration("tabs")?.getInitializer();
      const object = objectOf(initializer, "list of tabs");
      for (const [view, tab] of tabs) edit.addToObject(object, view, `${view}: "${tab}"`);
      return edit.toString();
    },
    manual: tabs.map(([view, tab]) => `  ${view}: "${tab}",`).join("\n"),
  };
}
