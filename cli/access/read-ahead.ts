/** Works on some elements at once, and gives the results in order. */
export async function* readAhead<Element, Result>(
  elements: AsyncIterable<Element>,
  work: (element: Element) => Promise<Result>,
): AsyncIterable<Result> {
  const underWay: Promise<Result>[] = [];
  for await (const element of elements) {
    const working = work(element);
    // A failure is raised when its element's turn comes, not earlier.
    working.catch(() => undefined);
    underWay.push(working);
    if (underWay.length >= atOnce) yield await underWay.shift()!;
  }
  for (const working of underWay) yield await working;
}

const atOnce = 8;
