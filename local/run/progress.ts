import type { WriteStream } from 'node:tty';
import { type Clock, realClock } from '../../cli/arguments/waiting.ts';
import { count, durationText, wrapped } from '../../cli/text.ts';

/**
 * Shows how far a run is: on a terminal some lines that are drawn anew twice a second, elsewhere a line every two seconds.
 * Words come before the bars, so that a screen reader says first what is happening.
 *
 * Progress goes to stderr only, so that stdout holds the result and nothing else.
 *
 * @param output a terminal of the type `dumb` cannot move its cursor, and gets plain lines
 */
export function createProgress(output: ProgressOutput, clock: Partial<Clock> = {}): Progress {
  const { now, every } = { ...realClock, ...clock };
  const isDrawn = output.isTTY === true && process.env.TERM !== 'dumb';
  const screen = isDrawn ? drawnScreen(output) : plainScreen(output);
  let doing: { readonly text: string; readonly since: number } | undefined;
  let latest: RunProgress | undefined;
  let endTimer: (() => void) | undefined;
  let shownAt = now();

  const show = (): void => {
    if (doing === undefined) return;
    shownAt = now();
    screen.show(linesOf({ ...doing, ms: shownAt - doing.since, ...latest }, screen.columns()));
  };
  const showDue = (): void => {
    if (now() - shownAt >= screen.everyMs) show();
  };
  const end = (): void => {
    endTimer?.();
    endTimer = undefined;
    if (doing !== undefined) screen.keep(linesOf(lastOf(doing, latest, now()), screen.columns()));
    doing = undefined;
  };
  return {
    stage(text, what) {
      end();
      latest = undefined;
      if (what !== 'long') return screen.keep([text]);
      doing = { text, since: now() };
      if (isDrawn) show();
      else screen.keep([`${text} …`]);
      shownAt = now();
      endTimer = every(screen.everyMs, showDue);
    },
    update(progress) {
      latest = progress;
      showDue();
    },
    stop: end,
  };
}

export interface Progress {
  /**
   * Says what happens next. `long` work is seen to go on, with its seconds, until something else is said; any other text is a
   * line and no more.
   */
  stage(text: string, what?: 'long'): void;
  /** Tells how far the long work is. */
  update(progress: RunProgress): void;
  /** Leaves the terminal as it should be; safe to call twice. */
  stop(): void;
}

export interface RunProgress {
  readonly streams: readonly StreamProgress[];
  /** What is under way in place of what the stage says. */
  readonly doing?: string;
  /** 0..1, of the part of the run whose length is known; absent where none is. */
  readonly share?: number;
}

export interface StreamProgress {
  readonly type: string;
  readonly generated: number;
  /** Of the generated events, those that Mosaic has handed out at least once. */
  readonly collected: number;
  /** Events delivered to the destination that has fewest. */
  readonly delivered: number;
}

export type ProgressOutput = Pick<WriteStream, 'write'> & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

interface Shown extends Partial<RunProgress> {
  readonly text: string;
  /** Milliseconds that the work has taken. */
  readonly ms: number;
}

function lastOf(
  { text, since }: { text: string; since: number },
  latest: RunProgress | undefined,
  now: number,
) {
  return { text, ms: now - since, streams: latest?.streams ?? [], isOver: true };
}

function linesOf(shown: Shown & { readonly isOver?: boolean }, columns: number): readonly string[] {
  const { text, doing, ms, share, streams = [], isOver = false } = shown;
  const spent = ms < 1_000 ? [] : [`${durationText(ms)}`];
  const parts = [isOver ? text : (doing ?? text), ...spent, ...(isOver ? [] : leftOf(ms, share))];
  const widest = Math.max(0, ...streams.map(({ type }) => type.length));
  return [
    ...wrapped(isOver ? parts.join(', ') : `${parts.join(', ')} …`, columns).split('\n'),
    ...streams.flatMap((stream) => streamLines(stream, widest, columns)),
  ];
}

/** An estimate, once enough of the run has passed for one. */
function leftOf(ms: number, share: number | undefined): readonly string[] {
  if (share === undefined || share >= 1 || share < leastShare || ms < firstEstimateMs) return [];
  return [`about ${durationText((ms / share) * (1 - share))} left`];
}

const leastShare = 0.03;
const firstEstimateMs = 5_000;

/** `cis    5,000 generated, 4,000 collected, 3,000 delivered  [#####-----]` */
function streamLines(stream: StreamProgress, widest: number, columns: number): readonly string[] {
  const { type, generated, collected, delivered } = stream;
  const figures = [
    `${count(generated)} generated`,
    `${count(collected)} collected`,
    `${count(delivered)} delivered`,
  ];
  const text = `${type.padEnd(widest)}  ${figures.join(', ')}`;
  if (text.length > columns) return wrapped(`${type}: ${figures.join(', ')}`, columns).split('\n');
  const room = Math.min(widestBar, columns - text.length - 4);
  if (room < narrowestBar || columns === Number.POSITIVE_INFINITY || generated === 0) return [text];
  // Firehose delivers at the end of its interval, all at once. Without the collected events the bar would stand still until then.
  const filled = Math.floor(room * Math.min(1, (collected + delivered) / (2 * generated)));
  return [`${text}  [${'#'.repeat(filled)}${'-'.repeat(room - filled)}]`];
}

const widestBar = 30;
const narrowestBar = 8;

interface Screen {
  readonly everyMs: number;
  columns(): number;
  /** Shows lines until others take their place. */
  show(lines: readonly string[]): void;
  /** Writes lines that stay, in place of those that are shown. */
  keep(lines: readonly string[]): void;
}

/** A terminal, whose last lines are drawn anew. */
function drawnScreen(output: ProgressOutput): Screen {
  let shown = 0;
  const draw = (lines: readonly string[], end: string): void => {
    const up = shown > 1 ? `${escapeCode}[${shown - 1}A` : '';
    output.write(`${shown > 0 ? `\r${up}${escapeCode}[0J` : ''}${lines.join('\n')}${end}`);
  };
  return {
    everyMs: 500,
    // A full last column makes some terminals begin a line of their own.
    columns: () => Math.max(20, (output.columns ?? 80) - 1),
    show(lines) {
      draw(lines, '');
      shown = lines.length;
    },
    keep(lines) {
      draw(lines, '\n');
      shown = 0;
    },
  };
}

const escapeCode = String.fromCharCode(27);

/** A pipe or a file: what is shown stays, too, in one line. */
function plainScreen(output: ProgressOutput): Screen {
  const write = (lines: readonly string[]): void => void output.write(`${lines.join('; ')}\n`);
  return { everyMs: 2_000, columns: () => Number.POSITIVE_INFINITY, show: write, keep: write };
}
