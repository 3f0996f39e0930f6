import { ecsFields } from './ecs-pipeline.ts';

/** Types of fields by their path, as a template's `properties`. A text that is longer than a term may be is left out of the index. */
export function ecsProperties(more: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  const fields = Object.entries(ecsFields).map(([path, type]) => [
    path,
    type === 'keyword' ? { type, ignore_above: 1024 } : { type },
  ]);
  return nested({ ...Object.fromEntries(fields), ...more });
}

/** `{ "a.b": x }` as `{ a: { properties: { b: x } } }`, which is how a mapping is written. */
function nested(fields: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  const root: Record<string, { properties?: Record<string, object> }> = {};
  for (const [path, leaf] of Object.entries(fields)) {
    const names = path.startsWith('@') ? [path] : path.split('.');
    let place: Record<string, { properties?: Record<string, object> }> = root;
    for (const name of names.slice(0, -1)) {
      place[name] ??= {};
      place[name].properties ??= {};
      place = place[name].properties as typeof root;
    }
    place[names.at(-1)!] = leaf;
  }
  return root;
}
