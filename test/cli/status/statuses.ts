import type { StageStatus } from '../../../cli/status/stage-status.ts';
import type { DestinationStatus, StreamStatus } from '../../../cli/status/stream-status.ts';
import { exactly, none, sumOf } from '../../../cli/waiting/amount.ts';
import { type Place, places } from '../../../cli/waiting/reckon.ts';
import { worstOf } from '../../../cli/waiting/verdict.ts';
import type { Amount } from '../../../functions/stored/waiting-events.ts';

export const now = Date.parse('2026-03-02T12:00:00Z');

type GivenDestination = Omit<Partial<DestinationStatus>, 'waiting' | 'places'> & {
  readonly waiting?: Partial<Readonly<Record<Place, Amount>>>;
};

export function destinationStatus({ waiting = {}, ...given }: GivenDestination): DestinationStatus {
  const all = Object.fromEntries(places.map((place) => [place, waiting[place] ?? none])) as Record<
    Place,
    Amount
  >;
  return {
    name: 'splunk',
    kind: 'splunk',
    verdict: 'ok',
    waiting: sumOf(Object.values(all)),
    places: all,
    isLeftToSweeps: false,
    lastDay: { collected: none, delivered: none, late: none, dropped: none },
    copiesRefused: 0,
    queued: 0,
    deadLetters: 0,
    alarms: [],
    ...given,
  };
}

export function streamStatus(given: Partial<StreamStatus>): StreamStatus {
  const { destinations = [], collecting = { verdict: 'ok', reasons: [] } } = given;
  return {
    name: 'cis',
    label: 'cis',
    id: 'relay-cis',
    type: 'cis',
    verdict: worstOf([collecting.verdict, ...destinations.map(({ verdict }) => verdict)]),
    collecting,
    schedule: { on: true, expression: 'rate(5 minutes)', timeZone: 'UTC' },
    openRuns: 0,
    oldestUndeliveredMs: 0,
    quarantined: { entries: 0, ofNobody: 0 },
    alarms: [],
    destinations,
    owedToRemoved: {},
    retiring: [],
    ...given,
  };
}

export function stageStatus(
  streams: readonly StreamStatus[],
  kept: StageStatus['kept'] = { verdict: 'quiet', streams: [] },
): StageStatus {
  const all = streams.flatMap(({ destinations }) => destinations);
  const oldest = all.flatMap(({ oldestAt }) => oldestAt ?? []);
  return {
    stage: 'dev',
    now,
    verdict: worstOf([...streams.map(({ verdict }) => verdict), kept.verdict]),
    waiting: all.length === 0 ? exactly(0) : sumOf(all.map(({ waiting }) => waiting)),
    ...(oldest.length === 0 ? {} : { oldestAt: Math.min(...oldest) }),
    alarms: [],
    streams,
    kept,
  };
}
