import { mappingOf } from '../mapping/mapping-of.ts';
import type { Detection, DetectionEvents, Together } from './detections.ts';

/**
 * A detection as a Sigma rule: one document for each kind of events, and one for what has to hold of them together.
 *
 * @see https://github.com/SigmaHQ/sigma-specification, version 2
 */
export function sigmaRule(detection: Detection): string {
  const { events, together } = detection;
  const note = '# Generated from content/generate/detections.ts by "npm run content".';
  const byHand = detection.byHand === undefined ? [] : [`# By hand: ${detection.byHand}.`];
  const documents =
    together === undefined
      ? events.map((each) => [...header(detection), ...eventRule(each)])
      : [
          ...events.map((each, index) => partRule(detection, { each, index })),
          [...header(detection), ...correlation(detection, together)],
        ];
  return `${[note, ...byHand].join('\n')}\n${documents.map((lines) => lines.join('\n')).join('\n---\n')}\n`;
}

function header({ title, id, description, level, falsePositives }: Detection): string[] {
  return [
    `title: ${quoted(title)}`,
    `id: ${id}`,
    'status: experimental',
    `description: ${quoted(description)}`,
    'author: Mosaic SIEM relay',
    `level: ${level}`,
    'falsepositives:',
    ...falsePositives.map((each) => `  - ${quoted(each)}`),
  ];
}

/** A rule that is only there for the correlation which names it. */
function partRule(
  { name, title, id }: Detection,
  { each, index }: { readonly each: DetectionEvents; readonly index: number },
): string[] {
  return [
    `title: ${quoted(`${title} (events ${index + 1})`)}`,
    `id: ${id.slice(0, -4)}${(0xe000 + index * 0x100 + Number.parseInt(id.slice(-3), 10)).toString(16)}`,
    `name: ${partName(name, index)}`,
    'status: experimental',
    ...eventRule(each),
  ];
}

function eventRule({ type, activities, where = {} }: DetectionEvents): string[] {
  const spellings = activities.flatMap((activity) => {
    const row = mappingOf(type, activity);
    if (row === undefined) throw new Error(`the table knows no activity ${activity} of type ${type}`);
    return row.spellings;
  });
  const conditions = Object.entries({ activity: spellings, ...where }).map(
    ([field, values]) => `    ${field}:\n${values.map((value) => `      - ${quoted(value)}`).join('\n')}`,
  );
  return [
    'logsource:',
    '  product: mosaic',
    `  service: ${type}`,
    'detection:',
    '  selection:',
    ...conditions,
    '  condition: selection',
  ];
}

const kinds = { values: 'value_count', events: 'event_count', order: 'temporal_ordered' } as const;

function correlation({ name, events }: Detection, together: Together): string[] {
  const { kind, by, of, least, within, alias } = together;
  const parts = events.map((_, index) => partName(name, index));
  const aliases = alias?.fields.map((field, index) => `      ${parts[index]}: ${field}`) ?? [];
  const field = of === undefined ? [] : [`    field: ${of}`];
  const condition = least === undefined ? [] : ['  condition:', ...field, `    gte: ${least}`];
  return [
    'correlation:',
    `  type: ${kinds[kind]}`,
    '  rules:',
    ...parts.map((part) => `    - ${part}`),
    ...(alias === undefined ? [] : ['  aliases:', `    ${alias.name}:`, ...aliases]),
    '  group-by:',
    ...by.map((each) => `    - ${each}`),
    `  timespan: ${within}`,
    ...condition,
  ];
}

function partName(name: string, index: number): string {
  return `mosaic_${name.replaceAll('-', '_')}_${index + 1}`;
}

/** YAML reads a JSON string as itself. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
