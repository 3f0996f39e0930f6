/**
 * Works on some elements at once, and gives the results in order. The results that wait hold 64 MiB at most, by the
 * size of their elements, or one element that is larger.
 */
export async function* readAhead<Element extends { readonly size: number }, Result>(
  elements: AsyncIterable<Element>,
  work: (element: Element) => Promise<Result>,
): AsyncIterable<Result> {
  const underWay: { readonly result: Promise<Result>; readonly size: number }[] = [];
  let bytes = 0;
  const next = (): Promise<Result> => {
    const { result, size } = underWay.shift()!;
    bytes -= size;
    return result;
  };
  for await (const element of elements) {
    const result = work(element);
    // A failure is raised when its element's turn comes, not earlier.
    result.catch(() => undefined);
    underWay.push({ result, size: element.size });
    bytes += element.size;
    while (underWay.length >= atOnce || bytes > mostBytes) yield await next();
  }
  while (underWay.length > 0) yield await next();
}

const atOnce = 8;
const mostBytes = 64 * 1024 * 1024;
