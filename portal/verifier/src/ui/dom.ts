/** Elements are made, never written as markup: whatever evidence says is text. */

type Child = Node | string | undefined;

/** Make an element with attributes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Make a section that opens on demand. */
export function fold(summary: readonly Child[], ...content: readonly Child[]): HTMLDetailsElement {
  return el("details", {}, el("summary", {}, ...summary), ...content);
}
