import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { StageAlarmSettings, StreamAlarmSettings } from '../../infra/config/alarm-settings.ts';
import { stageAlarmFields, streamAlarmFields } from '../../infra/config/alarm-settings.ts';
import { inWords, largeUnits } from '../../infra/config/fields.ts';
import type { FieldShape } from '../../infra/config/problems.ts';
import { type StageSettings, stageFields } from '../../infra/config/settings.ts';
import { type StreamSettings, streamFields } from '../../infra/config/stream-settings.ts';
import { type ViewSettings, viewFields } from '../../infra/config/view-settings.ts';
import { destinationKinds } from '../../infra/destinations/destination-kinds.ts';
import { type Editor, startEditor } from '../editor.ts';

/**
 * TypeScript 7.0.2 shows no documentation of a mapped type's members, so what an operator writes is described by plain
 * interfaces beside the schemas. Here they are held to them.
 */

/** What a shape's fields take, member by member. */
type Written<Shape extends FieldShape> = {
  [Key in keyof Shape as undefined extends z.input<Shape[Key]> ? never : Key]: Plain<z.input<Shape[Key]>>;
} & {
  [Key in keyof Shape as undefined extends z.input<Shape[Key]> ? Key : never]?: Plain<z.input<Shape[Key]>>;
};
/** Whatever may not be written to is compared as if it might. */
type Plain<Value> = Value extends readonly (infer Item)[]
  ? Plain<Item>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Plain<Value[Key]> }
    : Value;
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
type Exactly<Settings, Shape extends FieldShape> = Same<Plain<Settings>, Plain<Written<Shape>>>;

test('an interface says exactly what its schema takes, as the compiler sees it', () => {
  const stage: Exactly<StageSettings, typeof stageFields> = true;
  const stream: Exactly<StreamSettings, typeof streamFields> = true;
  const view: Exactly<ViewSettings, typeof viewFields> = true;
  const stageAlarms: Exactly<StageAlarmSettings, typeof stageAlarmFields> = true;
  const streamAlarms: Exactly<StreamAlarmSettings, typeof streamAlarmFields> = true;
  // @ts-expect-error a setting more is seen
  const more: Exactly<StreamSettings & { readonly more?: number }, typeof streamFields> = true;
  // @ts-expect-error and one that is optional on one side alone
  const optional: Exactly<Omit<StreamSettings, 'type'> & { readonly type?: 'cis' }, typeof streamFields> =
    true;

  expect([stage, stream, view, stageAlarms, streamAlarms, more, optional]).not.toContain(false);
});

interface Described {
  readonly place: string;
  readonly shape: FieldShape;
  /** Where in a settings file such settings stand. */
  readonly around: readonly [before: string, after: string];
}

const described: readonly Described[] = [
  { place: 'a stage', shape: stageFields, around: ['', ''] },
  { place: 'a stream', shape: streamFields, around: ['streams: [{', '}]'] },
  { place: "a stage's alarms", shape: stageAlarmFields, around: ['alarms: {', '}'] },
  { place: 'a view', shape: viewFields, around: ['views: { v: {', '} }'] },
  { place: "a stream's alarms", shape: streamAlarmFields, around: ['streams: [{ alarms: {', '} }]'] },
  ...Object.entries(destinationKinds).map(
    ([kind, schema]): Described => ({
      place: `a destination of the kind ${kind}`,
      shape: shapeOf(schema),
      around: [`streams: [{ destinations: [{ kind: '${kind}',`, '}] }]'],
    }),
  ),
];

/** Of the object that a kind's transform reads. */
function shapeOf(schema: z.ZodType): FieldShape {
  const { in: object } = (
    schema as unknown as { readonly def: { readonly in: { readonly shape: FieldShape } } }
  ).def;
  const { kind: _, ...shape } = object.shape;
  return shape;
}

const root = join(import.meta.dirname, '../..');

/** One settings file with every setting once, each place in a stage of its own. */
const file = 'every-setting.ts';
const text = [
  `import type { StageSettings } from '${root}/infra/config/settings.ts';`,
  'export const stages = {',
  ...described.flatMap(({ place, shape, around: [before, after] }) => [
    `  '${place.replaceAll("'", '')}': { ${before}`,
    ...Object.keys(shape).map((name) => `    ${name}: undefined as never,`),
    `  ${after} },`,
  ]),
  '} satisfies Record<string, StageSettings>;',
].join('\n');

function offsetOf(place: string, name: string): number {
  return text.indexOf(` ${name}: undefined as never,`, text.indexOf(`'${place.replaceAll("'", '')}'`)) + 1;
}

let editor: Editor;
/** A project of that file alone, since the server would read every test of the repository. */
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relay-editor-'));
  const options = { extends: join(root, 'tsconfig.json'), compilerOptions: { types: [] }, include: [file] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  writeFileSync(join(folder, file), text);
  editor = await startEditor(folder);
  editor.open(file, text);
  await editor.hover(file, 0);
}, 120_000);
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(described)('what an editor shows of $place', ({ place, shape }) => {
  test.each(Object.keys(shape))('%s: what it is, its range and its default', async (name) => {
    const shown = await editor.hover(file, offsetOf(place, name));
    const [, type = '', prose = ''] = /^```typescript\n(.*?)\n```\n(.*)$/s.exec(shown) ?? [];
    const field = shape[name]!;

    expect(type).toContain(`.${name}${field.safeParse(undefined).success ? '?' : ''}: `);
    const words = prose.replaceAll(/[`']/g, '').replaceAll('\n', ' ');
    expect(words).toMatch(/\w/);
    for (const said of [...rangeOf(field), ...defaultOf(field)]) expect(words).toMatch(said);
  });
});

/** The range as the field's own refusal gives it; none for what is no number and no duration. */
function rangeOf(field: z.ZodType): readonly RegExp[] {
  const message = field.safeParse(Symbol.iterator).error?.issues[0]?.message.replaceAll("'", '') ?? '';
  const range = /give (\d+\.\.\d+|\d+ \w+ to \d+ \w+)/.exec(message)?.[1];
  const most = /above 0 and up to (\d+)$/.exec(message)?.[1];
  if (range !== undefined) return [new RegExp(range.replaceAll('.', '\\.'))];
  return most === undefined ? [] : [new RegExp(`above 0(, | and )up to ${most}`, 'i')];
}

/** Where a setting may be left out, the words that say what holds then. */
function defaultOf(field: z.ZodType): readonly RegExp[] {
  const read = field.safeParse(undefined);
  if (!read.success) return [];
  const { data } = read;
  // A duration is written as a text, and read as a number of seconds.
  if (typeof data === 'number' && !field.safeParse(data).success) {
    return [
      data === 0 ? /Default: / : new RegExp(`default (${inWords(data, largeUnits)}|${data} seconds)`, 'i'),
    ];
  }
  if (data === undefined) return [/default|instead of|not together with/i];
  if (typeof data === 'object') return [/default/i];
  return [new RegExp(`default:? ${String(data).replaceAll('/', '\\/')}`, 'i')];
}
