import type { Row, Value } from './rows.ts';

/** An envelope that HTTP Event Collector took, as the simulated one keeps it. */
export interface TakenEvent {
  readonly event: Uint8Array;
  readonly time?: number;
  readonly index?: string;
  readonly host?: string;
  readonly source?: string;
  readonly sourcetype?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The event as a search sees it: Splunk's own fields and the envelope's `fields` from the index, and the members of
 * the event's JSON by their paths.
 *
 * @param indexedAt seconds since the epoch
 */
export function indexedEvent(taken: TakenEvent, indexedAt: number): Row {
  const { event, time, index, host, source, sourcetype } = taken;
  const raw = Buffer.from(event).toString();
  const inIndex = Object.entries({ host, source, sourcetype, index, ...taken.fields }).map(
    ([name, value]) => [name, String(value)] as const,
  );
  const fields = new Map<string, Value>([
    ...inIndex,
    ['_raw', raw],
    ['_time', time!],
    ['_indextime', indexedAt],
  ]);
  const indexed = new Set(inIndex.map(([name]) => name));
  for (const [path, value] of membersOf(JSON.parse(raw))) {
    // Splunk would make one field of two values.
    if (indexed.has(path)) throw new Error(`the event and the envelope have both a field ${path}`);
    fields.set(path, value);
  }
  return { fields, indexed };
}

/** The value of a JSON text at a path of names, as `spath` gives it: absent where there is none. */
export function valueAt(text: string, path: string): Value | undefined {
  const names = path.split('.');
  const found = names.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    JSON.parse(text),
  );
  return plain(found);
}

function membersOf(value: unknown, path = ''): readonly (readonly [string, Value])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const shown = plain(value);
    return shown === undefined || path === '' ? [] : [[path, shown]];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    membersOf(inner, path === '' ? name : `${path}.${name}`),
  );
}

function plain(value: unknown): Value | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value;
  return value === undefined || value === null ? undefined : JSON.stringify(value);
}
