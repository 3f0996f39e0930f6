import { writtenPath } from '../../functions/stored/compiled-view.ts';
import { nearest } from '../../infra/config/nearest.ts';
import { gigabyte, prices, secondsPerMonth } from '../../infra/config/prices.ts';
import { hiddenText } from './hidden-text.ts';
import type { Preview, PreviewedEvent } from './preview.ts';

/** What a preview found, as `--json` prints it. Numbers of a sample are reckoned up to the whole range. */
export interface PreviewReport {
  readonly events: number;
  readonly dropped: number;
  readonly refused: number;
  readonly seen: number;
  /** Bytes of lines. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Dollars a month of Firehose and of traffic out of AWS. */
  readonly dollarsBefore: number;
  readonly dollarsAfter: number;
  readonly rules: readonly RuleReport[];
  readonly unnamed: {
    readonly activities: readonly { readonly activity: string; readonly events: number }[];
    readonly members: readonly { readonly path: string; readonly events: number }[];
  };
  readonly examples: readonly { readonly before: string; readonly after: string }[];
}

export interface RuleReport {
  /** As in the `views` of a run's end line: `drop get_user`, `pseudonym user_id`; or what becomes of the others. */
  readonly rule: string;
  /** How often it met, and in how many events. */
  readonly met: number;
  readonly events: number;
  /** 0..1, of the events that the rule could meet: of all for activities, else of those that are seen. */
  readonly share: number;
  /** Bytes of lines; below 0 where lines grow. */
  readonly bytesSaved: number;
  readonly dollarsSaved: number;
  /** Of a rule that met nothing: the nearest spelling that events have. */
  readonly nearest?: string;
}

export interface ReportOptions {
  /** Seconds that the range spans. */
  readonly seconds: number;
  /** By which what was read is reckoned up to the range. */
  readonly factor: number;
  readonly packing: 'lines' | 'single';
  /** Bytes that leave AWS for each byte of lines. */
  readonly egressPerByte: number;
  /** How many of the examples show their values. */
  readonly show: number;
}

export function previewReport(preview: Preview, options: ReportOptions): PreviewReport {
  const { totals, activities, members, bytes, view } = preview;
  const { factor, packing } = options;
  const scaled = (number: number) => Math.round(number * factor);
  const months = (secondsPerMonth / Math.max(1, options.seconds)) * factor;
  const egress = (options.egressPerByte * prices.egressPerGb) / gigabyte;
  const firehose = prices.firehosePerGb / gigabyte;
  const dollars = ({ lines, billed }: { readonly lines: number; readonly billed: number }) =>
    (billed * firehose + lines * egress) * months;
  const perByte = totals.before.lines === 0 ? 0 : dollars(totals.before) / totals.before.lines;
  // Firehose rounds a record of one event up: a shorter event costs the same.
  const perMemberByte = packing === 'single' ? egress * months : perByte;
  const rule = (
    name: string,
    met: { readonly times: number; readonly events: number; readonly of: number },
    saved: { readonly bytes: number; readonly perByte: number },
  ): RuleReport => ({
    rule: name,
    met: scaled(met.times),
    events: scaled(met.events),
    share: met.of === 0 ? 0 : met.events / met.of,
    bytesSaved: scaled(saved.bytes),
    dollarsSaved: saved.bytes * saved.perByte,
  });
  const lists = view.activities ?? { drop: [] };
  const [does, names] = 'keep' in lists ? (['keep', lists.keep] as const) : (['drop', lists.drop] as const);
  const ofActivities = names.map((name, index) => {
    const { events, bytes: dropped } = activities.met[index]!;
    const saved = { bytes: does === 'drop' ? dropped : 0, perByte };
    const spelt = events > 0 ? undefined : nearest(name, activities.names());
    return {
      ...rule(`${does} ${name}`, { times: events, events, of: totals.events }, saved),
      ...(spelt === undefined ? {} : { nearest: spelt }),
    };
  });
  const ofMembers = view.members.map((one, index) => {
    const met = members.met[index]!;
    const saved = { bytes: bytes.rules[index]!, perByte: perMemberByte };
    const spelt = met.times > 0 ? undefined : nearestPath(writtenPath(one), members.paths());
    return {
      ...rule(`${one.action} ${writtenPath(one)}`, { ...met, of: totals.seen }, saved),
      ...(spelt === undefined ? {} : { nearest: spelt }),
    };
  });
  const others =
    view.otherMembers === 'remove'
      ? [
          rule(
            'remove all other members',
            { ...members.others, of: totals.seen },
            { bytes: bytes.others, perByte: perMemberByte },
          ),
        ]
      : [];
  return {
    events: scaled(totals.events),
    dropped: scaled(totals.dropped),
    refused: scaled(totals.refused),
    seen: scaled(totals.seen),
    bytesBefore: scaled(totals.before.lines),
    bytesAfter: scaled(totals.after.lines),
    dollarsBefore: dollars(totals.before),
    dollarsAfter: dollars(totals.after),
    rules: [...ofActivities, ...ofMembers, ...others],
    unnamed: {
      activities: activities.unnamed().map((one) => ({ ...one, events: scaled(one.events) })),
      members: members
        .unnamed()
        .slice(0, mostUnnamed)
        .map((one) => ({ ...one, events: scaled(one.events) })),
    },
    examples: preview.examples.map((one, index) => exampleOf(one, preview, index < options.show)),
  };
}

const mostUnnamed = 500;

/** A rule's other spelling may differ in one step alone, or be another path altogether. */
function nearestPath(written: string, paths: readonly string[]): string | undefined {
  const known = paths.filter((path) => path !== written);
  const steps = written.split('.');
  const beside = known.filter((path) => {
    const others = path.split('.');
    return others.length === steps.length && differingSteps(steps, others) === 1;
  });
  const ofStep = steps.flatMap((step, index) => {
    const candidates = beside.filter((path) => path.split('.')[index] !== step);
    const found = nearest(
      step,
      candidates.map((path) => path.split('.')[index]!),
    );
    return candidates.find((path) => path.split('.')[index] === found) ?? [];
  });
  return ofStep[0] ?? nearest(written, known);
}

function differingSteps(one: readonly string[], other: readonly string[]): number {
  return one.filter((step, index) => step !== other[index]).length;
}

function exampleOf(
  { before, after }: PreviewedEvent,
  { view }: Pick<Preview, 'view'>,
  isShown: boolean,
): PreviewReport['examples'][number] {
  const text = (event: Uint8Array) => Buffer.from(event).toString();
  return {
    before: isShown ? text(before) : hiddenText(before),
    after: typeof after === 'string' ? after : isShown ? text(after) : hiddenText(after, view),
  };
}
