/**
 * Returns a member of a node. In a form, a field with the name of the member hides it, and in the document a form or an
 * image does. Methods must be called with the node as `this`.
 */
export const ownMember = <Type extends Node, Name extends keyof Type>(
  node: Type,
  name: Name,
): Type[Name] => Reflect.get(Object.getPrototypeOf(node), name, node);
