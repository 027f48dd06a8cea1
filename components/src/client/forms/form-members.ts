/**
 * Returns an object with the members of a form or the document. A form has a property for each named control, which hides
 * its own members: `form.id` is a field if a field is named `id`. In the same way, `document.body` may be a form or an
 * image of that name. Other nodes are returned as they are.
 */
export function membersOf<Type extends Node>(node: Type): Type {
  if (!(node instanceof HTMLFormElement || (node as Node) === document)) return node;
  const prototype = Object.getPrototypeOf(node);
  return new Proxy(node, {
    get(_, name) {
      const member = Reflect.get(prototype, name, node);
      return typeof member === "function" ? member.bind(node) : member;
    },
  });
}
