import { setTimeout as sleep } from 'node:timers/promises';
import { count } from '../../cli/text.ts';
import { startPage } from '../page/page.ts';
import { alarmLines } from './alarm-lines.ts';
import { announce } from './announce.ts';
import { breakInTurn } from './breaking/break-in-turn.ts';
import { createBreakableDestinations } from './breaking/breakable-destinations.ts';
import { bytes } from './byte-text.ts';
import { prepareOut } from './delivered-files.ts';
import { watchEndLines } from './end-lines.ts';
import { watchErasedObjects } from './erased-objects.ts';
import { watchInvocations } from './invocations.ts';
import { openLocalStage } from './local-stage.ts';
import type { LocalStage } from './opened-stage.ts';
import type { ServeCommand } from './options.ts';
import { readOutcomes } from './outcomes.ts';
import { explainPort, pageRun } from './page-run.ts';
import { watchPassing } from './passing-events.ts';
import { createProgress } from './progress.ts';
import { tellPart } from './raise-events.ts';
import type { RunContext } from './run-context.ts';
import { runUntilSettled } from './run-until-settled.ts';
import { showResult } from './show-result.ts';
import { readStatus, watchStatus } from './status-watch.ts';
import { watchRun } from './watch.ts';

/**
 * Keeps generating and collecting until it is interrupted, a virtual minute every two seconds, and then compares
 * what was delivered by then.
 *
 * @returns 0 after Ctrl-C, unless something is missing that nothing holds any more
 */
export async function runServe(command: ServeCommand, context: RunContext): Promise<number> {
  const startedAt = performance.now();
  const folder = await prepareOut(command.out);
  const progress = createProgress(context.stderr);
  const invocations = watchInvocations();
  const endLines = watchEndLines();
  const destinations = createBreakableDestinations();
  // Commands work on a run that is served, `relay erase` among them.
  const erased = watchErasedObjects();
  const stage = await openLocalStage({
    ...command,
    // An undisturbed run shows a healthy stage, and members that no document names are drift.
    documentedOnly: command.faults === undefined && command.source.length === 0,
    context,
    progress,
    world: {
      lambda: { ...invocations, onLog: endLines.onLog },
      gateway: { interfere: (call) => destinations.interfere(call) ?? erased.interfere(call) },
    },
  });
  const { world, source, streams, receivers, metrics } = stage;
  const showing = setInterval(() => context.stderr.write(`${statusLine(stage)}\n`), statusEveryMs);
  const ends = [() => stage.close(), () => erased.close(), () => clearInterval(showing)];
  erased.attach(world);
  try {
    const announced = await announce(world, { stage: command.stage, out: folder });
    ends.push(() => announced.end());
    const followed = metrics.follow(world);
    ends.push(() => followed.stop());
    destinations.attach(stage);
    const changed = alarmLines(followed.evaluator.history);
    const telling = setInterval(() => changed().forEach(told), alarmsEveryMs);
    ends.push(() => clearInterval(telling));
    const told = (headline: string) => void context.stderr.write(`${headline}\n`);
    const names = new Set([...streams, ...stage.witnesses].map(({ name }) => name));
    const { stage: stageName, out } = command;
    const watched = watchStatus(world, { stage: stageName, out, names, onVerdict: told });
    ends.push(() => watched.end());
    const passing = watchPassing({ world, streams, receivers, folder, onProblem: told });
    ends.push(() => passing.end());
    const address = `--stage ${stageName} --local${out === 'out' ? '' : ` --out ${out}`}`;
    const { port } = command;
    const page = await startPage({
      world,
      watch: metrics,
      followed,
      run: pageRun({
        ...{ world, followed, destinations, passing, address },
        ...{ stage: stageName, streams: [...streams, ...stage.witnesses], signal: context.signal },
      }),
      status: () => watched.latest(),
      ...(port === undefined ? {} : { port }),
    }).catch((error) => {
      throw explainPort(error, port);
    });
    ends.push(() => page.end('The run has ended.'));
    // Twelve hours, as the template has it, would be six minutes of looking at little.
    progress.stage(`The dashboard of the template, live: ${page.url}?hours=3`);
    const { story } = command;
    passMinutes(stage, context.signal, (until) => {
      if (story === undefined) source.generate(streams, eventsPerMinute, minuteMs);
      else tellPart(stage, { ...command, ...story, until });
    });
    world.startSchedules((stream) => streams.includes(stream) || stage.witnesses.includes(stream));
    progress.stage('Generating and collecting, a virtual minute every two seconds, until Ctrl-C');
    if (command.faults !== undefined) breakInTurn(destinations, world.clock);
    context.signal.addEventListener('abort', destinations.end, { once: true });
    // Once no more is generated, the schedules go on until everything has arrived.
    const watch = watchRun({ world, streams, source });
    await runUntilSettled(world.clock, watch, () => context.signal.aborted);
    clearInterval(showing);
    // The outcome writes the same files anew, as a whole.
    await passing.end();
    const generated = source.rawEvents;
    const outcomes = await readOutcomes({ world, streams, generated, receivers, folder, endLines, erased });
    const elapsedMs = performance.now() - startedAt;
    const { headline } = await readStatus(world, { stage: stageName, out, names });
    return showResult(outcomes, {
      ...command,
      world,
      context,
      source,
      invocations,
      elapsedMs,
      status: headline,
    });
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

const eventsPerMinute = 60;
const minuteMs = 60_000;
/** Of real time, so that people can watch. */
const secondsPerMinute = 2;
const statusEveryMs = 2_000;
const alarmsEveryMs = 500;

/**
 * Holds the clock for two real seconds at each virtual minute: work that is under way keeps it from jumping.
 *
 * @param raise raises events, at the beginning of each minute; it gets the minute's end
 */
function passMinutes(
  { world: { clock } }: LocalStage,
  signal: AbortSignal,
  raise: (until: number) => void,
): void {
  const minute = async (): Promise<void> => {
    if (signal.aborted) return;
    const next = clock.now() + minuteMs;
    raise(next);
    await sleep(secondsPerMinute * 1_000, undefined, { signal }).catch(() => undefined);
    clock.at(next, minute);
  };
  clock.at(clock.now(), minute);
}

/** `2026-03-02 08:07 cis 420 generated, 360 collected, 512 KiB in 2 records delivered; …` */
function statusLine({ world, source, streams }: LocalStage): string {
  const parts = streams.map((stream) => {
    const stats = stream.destinations.map(({ deliveryStream }) => world.firehose.stats(deliveryStream));
    const records = stats.reduce((sum, { deliveredRecords }) => sum + deliveredRecords, 0);
    const delivered = stats.reduce((sum, { deliveredBytes }) => sum + deliveredBytes, 0);
    const generated = source.generated(stream);
    return (
      `${stream.type} ${count(generated)} generated, ${count(generated - source.waiting(stream))} collected, ` +
      `${bytes(delivered)} in ${count(records)} records delivered`
    );
  });
  return `${new Date(world.clock.now()).toISOString().slice(0, 16).replace('T', ' ')} ${parts.join('; ')}`;
}
