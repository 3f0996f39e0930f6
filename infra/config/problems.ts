import type { z } from 'zod';
import { meant, shown } from './fields.ts';

/** Where a value stands: `stages.dev.streams[2]`. */
export type Path = string;

/** Every problem of a settings file, so that an operator can correct all of them at once. */
export interface Problems {
  readonly lines: readonly string[];
  add(path: Path, problem: string): void;
}

/** The part of the settings that a check is about, and where the check reports. */
export interface CheckedPart {
  readonly path: Path;
  readonly problems: Problems;
}

export function noProblems(): Problems {
  const lines: string[] = [];
  return { lines, add: (path, problem) => void lines.push(`${path}: ${problem}`) };
}

/** The output of each field of `Shape`, absent where the field was refused. */
export type Fields<Shape extends FieldShape> = { readonly [Key in keyof Shape]?: z.output<Shape[Key]> };
/** The output of each field of `Shape`, all of which were accepted: one without a default may be absent. */
export type FieldsRead<Shape extends FieldShape> = {
  readonly [Key in keyof Shape as undefined extends z.output<Shape[Key]> ? never : Key]: z.output<Shape[Key]>;
} & {
  readonly [Key in keyof Shape as undefined extends z.output<Shape[Key]> ? Key : never]?: z.output<
    Shape[Key]
  >;
};
export type FieldShape = Readonly<Record<string, z.ZodType>>;

/**
 * Reads each field by itself, so that one refused field neither hides another's problem nor keeps a cross-check
 * between two sound fields from running. An unknown key is a problem too: it is most often a spelling mistake.
 */
export function readFields<Shape extends FieldShape>(
  shape: Shape,
  raw: unknown,
  at: CheckedPart,
): Fields<Shape> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    at.problems.add(at.path, `${shown(raw)} is not an object; give { ${Object.keys(shape).join(', ')} }`);
    return {};
  }
  const known = Object.keys(shape);
  for (const key of Object.keys(raw).filter((name) => !known.includes(name))) {
    const right = meant(key, known) ?? `the settings are ${known.join(', ')}`;
    at.problems.add(`${at.path}.${key}`, `is not a setting here; ${right}`);
  }
  const fields: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    const read = schema.safeParse((raw as Record<string, unknown>)[key]);
    if (read.success) fields[key] = read.data;
    else
      for (const issue of read.error.issues)
        at.problems.add(pathTo(`${at.path}.${key}`, issue.path), issue.message);
  }
  return fields as Fields<Shape>;
}

/** True if the setting was written, and refused: nothing is known of it, so that nothing else can be held against it. */
export function wasRefused(raw: unknown, fields: object, setting: string): boolean {
  return given(raw, setting) !== undefined && (fields as Record<string, unknown>)[setting] === undefined;
}

/** A setting as it was written; undefined where it was not. */
export function given(raw: unknown, setting: string): unknown {
  return typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)[setting] : undefined;
}

/** A list as it was written, also where it is too long. */
export function listGiven(raw: unknown, setting: string, read: readonly unknown[] = []): readonly unknown[] {
  const written = given(raw, setting);
  return Array.isArray(written) ? written : read;
}

/** `path` with a zod issue's keys and indexes added. */
export function pathTo(path: Path, rest: readonly PropertyKey[]): Path {
  return rest.reduce<string>(
    (sofar, part) => (typeof part === 'number' ? `${sofar}[${part}]` : `${sofar}.${String(part)}`),
    path,
  );
}
