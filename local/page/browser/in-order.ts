/** Makes the elements the children of a place, in this order. What has the keyboard's focus keeps it. */
export function putInOrder(place: Element, wanted: readonly Element[]): void {
  for (const child of [...place.children]) if (!wanted.includes(child)) child.remove();
  const focused = document.activeElement;
  for (const [index, child] of wanted.entries()) {
    const there = place.children[index];
    if (there !== child) place.insertBefore(child, there ?? null);
  }
  // An element that is moved loses the focus.
  if (focused instanceof HTMLElement && focused !== document.activeElement && place.contains(focused))
    focused.focus({ preventScroll: true });
}
