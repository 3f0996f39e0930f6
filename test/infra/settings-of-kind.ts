/** The names of a kind's settings, which its schema holds below what follows from them. */
export function shapeOf(schema: unknown): readonly string[] {
  const { shape, in: inner } = (
    schema as { readonly def: { readonly shape?: object; readonly in?: unknown } }
  ).def;
  return shape === undefined ? shapeOf(inner) : Object.keys(shape);
}
