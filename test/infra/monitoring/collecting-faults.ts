import type { AlarmFault } from './alarm-fault.ts';
import { hourMs, type WatchedStage } from './watched-stage.ts';

/** What goes wrong between Mosaic and the journal, of the stream `cis` and its witness. */
export const collectingFaults: readonly AlarmFault[] = [
  {
    what: 'a secret that Mosaic refuses',
    alarms: ['cis-Failing', 'cis-CredentialRefused'],
    begin: ({ simulator }) => {
      simulator.rotateSecret('another');
      simulator.revokeTokens();
    },
    end: ({ simulator, world }) => {
      const { clientId: client_id, clientSecret: client_secret } = simulator;
      world.secrets.put('relay/test', JSON.stringify({ client_id, client_secret }));
    },
  },
  {
    what: 'ticks that never come',
    alarms: ['cis-NotRunning'],
    begin: ({ wrong }) => {
      wrong.ticks = 'dropped';
    },
    end: ({ wrong }) => {
      wrong.ticks = undefined;
    },
  },
  {
    what: 'no event for longer than is usual',
    alarms: ['cis-Silent'],
    begin: (stage) => {
      stage.eventsPerTick = 0;
    },
    end: (stage) => {
      stage.eventsPerTick = 5;
    },
  },
  {
    what: 'a backlog that slow answers keep from draining',
    alarms: ['cis-Behind'],
    begin: ({ source, streams, wrong }) => {
      // More than two runs collect, since the first one also meets what was raised a moment before.
      source.generate(streams, 1_000, 6 * hourMs);
      wrong.mosaic = ({ operation, streamId }) =>
        operation === 'collect' && streamId === 'relay-cis' ? { delayMs: 500 } : undefined;
    },
    end: ({ wrong }) => {
      wrong.mosaic = undefined;
    },
  },
  {
    what: 'an answer that is lost on the wire, and that the witness got',
    alarms: ['cis-PossibleLoss', 'cis-WitnessMissing'],
    begin: ({ source, streams, wrong }) => {
      // An empty answer that is lost would leave nothing for the witness to find.
      source.generate(streams, 5, 60_000);
      wrong.mosaic = ({ operation, streamId }) => {
        if (operation !== 'collect' || streamId !== 'relay-cis') return undefined;
        wrong.mosaic = undefined;
        return { after: { kind: 'reset' } };
      };
    },
    end: () => undefined,
    withinHours: 6,
  },
  {
    what: 'a stream that somebody deletes in Mosaic, with events in it',
    alarms: ['cis-StreamReopened', 'cis-WitnessIncomparable'],
    begin: ({ simulator, source, streams }) => {
      source.generate(streams, 10, 60_000);
      simulator.deleteStream('cis', 'relay-cis');
    },
    end: () => undefined,
    withinHours: 8,
  },
  {
    what: 'an answer that Mosaic gives five times in a row',
    alarms: ['cis-SourceRepeats'],
    begin: ({ wrong }) => {
      let left = 5;
      wrong.mosaic = ({ operation, streamId }) => {
        if (operation !== 'collect' || streamId !== 'relay-cis' || left === 0) return undefined;
        left -= 1;
        return { before: repeatedAnswer };
      };
    },
    end: ({ wrong }) => {
      wrong.mosaic = undefined;
    },
  },
  {
    what: 'a schedule that is turned off',
    alarms: ['cis-Paused'],
    begin: (stage) => turnCollecting(stage, 'DISABLED'),
    end: (stage) => turnCollecting(stage, 'ENABLED'),
  },
];

/** An answer that nothing was consumed for. */
const repeatedAnswer = {
  kind: 'status',
  status: 201,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: '[{"id":"again"}]',
} as const;

function turnCollecting({ world: { scheduler, deployment } }: WatchedStage, State: string): void {
  const name = `${deployment.stackName}/cis-collect`;
  scheduler.put(name, { ...scheduler.propertiesOf(name), State });
}
