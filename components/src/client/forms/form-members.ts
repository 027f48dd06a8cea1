/**
 * Returns an object with the members of a form. The form itself has a property for each named control, which hides
 * its own members: `form.id` is a field if a field is named `id`. Other elements are returned as they are.
 */
export function membersOf<Node extends Element>(element: Node): Node {
  if (!(element instanceof HTMLFormElement)) return element;
  return new Proxy(element, {
    get(form, name) {
      const member = Reflect.get(HTMLFormElement.prototype, name, form);
      return typeof member === "function" ? member.bind(form) : member;
    },
  });
}
