import type { LogEvent } from '../../functions/log-events.ts';
import type { Paint } from '../text.ts';
import type { LogGroup } from './log-groups.ts';

/** A line of the log of one of the stage's functions, or of a delivery stream. */
export interface LogLine extends LogEvent {
  readonly group: LogGroup;
}

/** The level and the text of a line. */
interface Said {
  /** As the function calls it, such as `INFO`; `ERROR` for what Firehose and Lambda write. */
  readonly level: string;
  readonly text: string;
}

/**
 * True for what nobody reads as text: metrics in the embedded metric format, and the lines by which Lambda accounts for an
 * invocation that ended well.
 */
export function isAccounting({ message }: Pick<LogLine, 'message'>): boolean {
  if (/^(START|END|INIT_START|REPORT|XRAY) /.test(message))
    return !/\bStatus: (timeout|error)\b/.test(message);
  return message.startsWith('{') && '_aws' in membersOf(message);
}

/** True for failures and warnings of functions, for what Lambda ended, and for all that Firehose writes. */
export function isError(line: Pick<LogLine, 'message'>): boolean {
  return said(line).level !== 'INFO';
}

/** `2026-03-02 08:05:01.250 cis collector ERROR ended task=collect code=MosaicThrottled …`, on one line. */
export function lineText(line: LogLine, paint: Paint): string {
  const { level, text } = said(line);
  const time = new Date(line.timestamp).toISOString().replace('T', ' ').slice(0, 23);
  const colour = level === 'INFO' ? 'dim' : level === 'WARN' ? 'yellow' : 'red';
  return `${paint(time, 'dim')} ${line.group.writer} ${paint(level, colour)} ${text}`;
}

/** For `--json`: the line as it was written, and where. */
export function lineJson({ timestamp, group, logStreamName, message }: LogLine): object {
  return { time: new Date(timestamp).toISOString(), logGroup: group.name, logStream: logStreamName, message };
}

function said({ message }: Pick<LogLine, 'message'>): Said {
  const { level, errorCode, message: words, ...members } = membersOf(message);
  if (typeof errorCode === 'string')
    return { level: 'ERROR', text: oneLine(`${errorCode}: ${String(words).trim()}`) };
  if (typeof level === 'string') {
    const fields = Object.entries(members).filter(([name]) => !known.has(name));
    return { level, text: oneLine([String(words), ...fields.map(fieldText)].join(' ')) };
  }
  const isFailure =
    /\b(Task timed out|Runtime exited|Runtime\.\w+|(Invoke|Unknown) \w*Error|Invoke Error|ERROR)\b/.test(
      message,
    );
  return {
    level: isFailure || /\bStatus: (timeout|error)\b/.test(message) ? 'ERROR' : 'INFO',
    text: oneLine(message),
  };
}

/** Members that every line has, and that the line's beginning says already. */
const known = new Set(['timestamp', 'service', 'stage', 'stream', 'sampling_rate', 'xray_trace_id']);

function fieldText([name, value]: readonly [string, unknown]): string {
  if (typeof value === 'string') return `${name}=${/^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)}`;
  return `${name}=${JSON.stringify(value)}`;
}

/** A line must not move the cursor or colour the terminal, whoever wrote it. */
function oneLine(text: string): string {
  return text.trim().replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function membersOf(message: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(message);
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Readonly<Record<string, unknown>>)
      : {};
  } catch {
    return {};
  }
}
