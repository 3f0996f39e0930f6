import { z } from 'zod';
import { arnSettings, type Destination, type NamedDestination } from '../destinations/destination-kind.ts';
import { kindNamed, kindNames } from '../destinations/own-kinds.ts';
import { shapeFields, shapeOf } from '../destinations/shape-settings.ts';
import { meant, shown } from './fields.ts';
import { type Path, type Problems, pathTo } from './problems.ts';

/**
 * Reads a stream's destinations, each by the schema of its kind. Of one that was refused, what is known stands in its place;
 * one without a kind or a name is left out.
 */
export function readDestinations(
  written: readonly unknown[],
  at: { readonly path: Path; readonly problems: Problems },
): readonly (Destination | NamedDestination)[] {
  const destinations: (Destination | NamedDestination)[] = [];
  const names = new Map<string, number>();
  written.forEach((raw, index) => {
    const path = `${at.path}.destinations[${index}]`;
    const destination = readDestination(raw, { path, problems: at.problems });
    if (destination === undefined) return;
    const first = names.get(destination.name);
    if (first === undefined) names.set(destination.name, index);
    else {
      at.problems.add(
        `${path}.name`,
        `'${destination.name}' is also the name of destinations[${first}]; give one of the two a name of its own`,
      );
    }
    destinations.push(destination);
  });
  return destinations.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function readDestination(
  raw: unknown,
  at: { readonly path: Path; readonly problems: Problems },
): Destination | NamedDestination | undefined {
  const kind = (raw as { readonly kind?: unknown } | null)?.kind;
  const schema = typeof kind === 'string' ? kindNamed(kind) : undefined;
  if (schema === undefined) {
    const known = kindNames();
    const right = meant(kind, known) ?? `give ${known.map((name) => `'${name}'`).join(', ')}`;
    at.problems.add(
      `${at.path}.kind`,
      `${kind === undefined ? 'is missing' : `${shown(kind)} is no kind`}; ${right}`,
    );
    return undefined;
  }
  const read = schema.safeParse(raw);
  if (read.success) {
    const shape = shapeOf(raw);
    if (shape === undefined && (raw as { readonly rawData?: unknown }).rawData !== undefined)
      at.problems.add(`${at.path}.rawData`, 'has no meaning without shape; take it out, or give shape');
    return { ...read.data, view: (raw as { readonly view?: string }).view, ...(shape && { shape }) };
  }
  for (const issue of read.error.issues) {
    if (issue.code !== 'unrecognized_keys') at.problems.add(pathTo(at.path, issue.path), issue.message);
    else
      for (const key of issue.keys) {
        const right = issue.path.length === 0 ? rightFor(key, schema) : undefined;
        at.problems.add(
          pathTo(at.path, [...issue.path, key]),
          [`is no setting of '${kind}'`, ...(right === undefined ? [] : [right])].join('; '),
        );
      }
  }
  const refused = read.error.issues.map(({ path }) => path[0]);
  return named(String(kind), raw as Readonly<Record<string, unknown>>, refused);
}

/** What would be right in the place of a setting that a kind does not have. */
function rightFor(key: string, schema: unknown): string | undefined {
  const having = kindNames().filter((name) => settingsOf(kindNamed(name)).includes(key));
  const isShape = Object.hasOwn(shapeFields, key);
  return isShape ? `${having.join(', ')} take it` : meant(key, settingsOf(schema));
}

/** The names of a kind's settings: those of the object that its schema reads first. */
function settingsOf(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return schema instanceof z.ZodPipe ? settingsOf(schema.in) : [];
}

/** What other checks need of a destination of which some settings were refused. */
function named(
  kind: string,
  raw: Readonly<Record<string, unknown>>,
  refused: readonly unknown[],
): NamedDestination | undefined {
  if (refused.includes('name')) return undefined;
  const secrets = arnSettings.flatMap((path) =>
    refused.includes(path) || typeof raw[path] !== 'string' ? [] : [{ path, arn: raw[path] }],
  );
  return {
    name: typeof raw.name === 'string' ? raw.name : kind,
    ...(typeof raw.view === 'string' && { view: raw.view }),
    secrets,
  };
}
