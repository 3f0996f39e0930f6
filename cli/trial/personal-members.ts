/**
 * Finds members that may hold personal data, by their names and by the look of their values. It is a hint for whoever writes a view,
 * no proof: a member of a journey may hold anything.
 */
export function watchPersonalMembers(): PersonalMembersWatch {
  const found = new Map<string, { why: string; events: number }>();
  function visit(value: unknown, path: string, seen: Set<string>): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, `${path}.*`, seen);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, below] of Object.entries(value))
        visit(below, path === '' ? name : `${path}.${name}`, seen);
    } else {
      const why = reasonOf(path, value);
      if (why !== undefined && !seen.has(path)) {
        seen.add(path);
        const known = found.get(path);
        if (known !== undefined) known.events += 1;
        else if (found.size < mostPaths) found.set(path, { why, events: 1 });
      }
    }
  }
  return {
    add: (event) => visit(event, '', new Set()),
    members: () =>
      [...found].map(([path, one]) => ({ path, ...one })).toSorted((a, b) => b.events - a.events),
  };
}

export interface PersonalMembersWatch {
  add(event: Readonly<Record<string, unknown>>): void;
  /** The most frequent first. */
  members(): PersonalMembers;
}

export type PersonalMembers = readonly {
  /** Steps joined by dots, `*` for the elements of an array: as a view's rules name members. */
  readonly path: string;
  readonly why: string;
  readonly events: number;
}[];

function reasonOf(path: string, value: unknown): string | undefined {
  if (value === null || value === '' || typeof value === 'boolean') return undefined;
  const text = String(value);
  const [shape] = shapes.find(([, pattern]) => pattern.test(text)) ?? [];
  if (shape !== undefined) return shape;
  const steps = path.split('.').toReversed();
  return names.find(([, pattern]) => steps.some((step) => pattern.test(step)))?.[0];
}

const shapes: readonly (readonly [why: string, pattern: RegExp])[] = [
  ['e-mail address', /^[^\s@]+@[^\s@]+\.[^\s@]+$/],
  ['IP address', /^(\d{1,3}\.){3}\d{1,3}$|^(?=.*:.*:)[\da-f:]{3,39}$/i],
  ['telephone number', /^\+\d[\d ()-]{6,18}$/],
];

/** Of the members in the documentation of Mosaic's events, those that say something of a person or lead to one. */
const names: readonly (readonly [why: string, pattern: RegExp])[] = [
  ['e-mail address', /e-?mail/i],
  ['telephone number', /phone/i],
  ['IP address', /^ip$/i],
  ['name', /^(user_?name|first_?name|last_?name|middle_?name|name|picture)$/i],
  ['date of birth', /birth/i],
  ['postal address', /^(address|street_?address|postal_?code|city)$/i],
  ['id of a person', /^(original_)?(user|actor)_id$|^external_(user|account)_id$/i],
  ['place', /location|^ip(City|Region)/i],
  ['device', /^device_?(id|fingerprint)$|^user_?agent$/i],
  ["data of the customer's own", /^custom_(app_)?data$/i],
];

/** Members may be named by values. */
const mostPaths = 500;
