/** The words of an element as they are read: however many spaces part two of them, they are one. */
export function readText(element: Element | null | undefined): string {
  return (element?.textContent ?? '').replaceAll(/ +/g, ' ').trim();
}
