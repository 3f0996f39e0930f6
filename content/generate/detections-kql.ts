import type { Detection, DetectionEvents, Together } from './detections.ts';
import { spellings } from './detections-by-hand.ts';
import { sentinelTable } from './sentinel-parsers.ts';

/**
 * A detection as KQL for an analytic rule that looks each hour at the last two. pySigma's backend for Kusto has no correlations, so each is
 * written here. Log Analytics re-dates events that are older than two days; the rule looks at the event's own time.
 */
export function detectionKql(detection: Detection): string {
  if (detection.name === 'silence') return silence;
  const { events, together } = detection;
  if (together === undefined) return `${selected(events[0]!)}\n`;
  if (events.length === 1) return `${selected(events[0]!)}\n${counted(together, 'EventTime')}\n`;
  return `${joined(events, together)}\n`;
}

const recent = `${sentinelTable}
| where TimeGenerated > ago(2h) and EventTime > ago(2d)
| summarize arg_max(TimeGenerated, *) by EventId`;

function selected({ type, activities, where = {} }: DetectionEvents): string {
  return [
    recent,
    `| where Type_s == "${type}" and Activity in (${spellings(type, ...activities)})`,
    '| extend Params = coalesce(Event.additionalParams, Event.additional_params)',
    ...Object.entries(where).map(([field, values]) => condition(field, values)),
  ].join('\n');
}

function condition(field: string, values: readonly string[]): string {
  if (field === 'timestamp|contains')
    return `| where hourofday(EventTime) in (${values.map((text) => Number(text.slice(1, 3))).join(', ')})`;
  return `| where tostring(Params.${field}) in (${values.map((value) => `"${value}"`).join(', ')})`;
}

function counted({ kind, by, of, least, within }: Together, time: string): string {
  const count = kind === 'values' ? `dcount(${column(of!)})` : 'count()';
  return [
    `| summarize Count = ${count}, First = min(${time}), Last = max(${time}) by ${by.map(grouped).join(', ')}, Window = bin(${time}, ${within})`,
    `| where Count >= ${least}`,
  ].join('\n');
}

/** The second kind of events within the time after the first, of one value of what joins them. */
function joined([first, second]: readonly DetectionEvents[], { by, of, within, alias }: Together): string {
  const [before, after] = alias?.fields ?? [by[0]!, by[0]!];
  const differs = of === undefined ? [] : ['| where FirstIp != SecondIp'];
  return [
    `let First = ${selected(first!)}`,
    `| project Key = ${column(before)}, FirstTime = EventTime, FirstIp = Ip;`,
    `let Second = ${selected(second!)}`,
    `| project Key = ${column(after)}, SecondTime = EventTime, SecondIp = Ip, Activity;`,
    'First',
    '| join kind=inner Second on Key',
    `| where SecondTime between (FirstTime .. ${within})`,
    ...differs,
  ].join('\n');
}

function grouped(field: string): string {
  const name = column(field);
  return name.startsWith('tostring') ? `${field} = ${name}` : name;
}

function column(field: string): string {
  return { activity: 'Activity', user_id: 'UserId', ip: 'Ip' }[field as 'ip'] ?? `tostring(Event.${field})`;
}

const silence = `${sentinelTable}
| where Type_s == "cis" and Activity in (${spellings('cis', 'user_login')}) and EventTime > ago(1h)
| summarize Count = count()
| where Count == 0 and hourofday(now()) between (9 .. 17)
`;
