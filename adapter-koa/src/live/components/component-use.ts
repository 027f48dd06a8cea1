import type { DeclaredComponent } from "./live-component.js";

/** A component in a template, as `inlineEdit.at(id, props)` returns it. */
export class ComponentUse {
  readonly component: DeclaredComponent;
  readonly id: string;
  readonly props: Readonly<Record<string, unknown>>;

  constructor(component: DeclaredComponent, id: string, props: Readonly<Record<string, unknown>>) {
    this.component = component;
    this.id = id;
    this.props = props;
  }
}
