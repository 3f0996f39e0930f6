import {
  type PlayedAttack,
  type Simulator,
  startSimulator,
  storyBetween,
} from '@mosaic-relay/mosaic-simulator';
import type { Values } from '../cli/arguments/flag.ts';
import { outputOf } from '../cli/arguments/output.ts';
import { runProgram } from '../cli/arguments/program.ts';
import { WrongUse } from '../cli/arguments/wrong-use.ts';
import { eventTypes } from '../functions/collector/contract.ts';
import { mosaicProgram } from './mosaic-program.ts';
import { sourceHelp } from './source-switches.ts';
import { playedAttacks } from './story-switches.ts';

/** The program of `npm run mosaic`: the simulated Mosaic alone on a port. */
const output = outputOf(process);
try {
  process.exitCode = await runProgram(mosaicProgram, process.argv.slice(2), output, async (given) => {
    if (given.source === 'help') output.out(sourceHelp());
    else await serve({ ...given, switches: given.source, attacks: attacksOf(given) });
    return 0;
  });
} catch (error) {
  output.problem(
    `${mosaicProgram.name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
  );
  process.exitCode = WrongUse.exitCode;
}

type Given = Pick<Values<(typeof mosaicProgram)['flags']>, 'story' | 'attack'>;

interface Serving {
  readonly port: number;
  /** Events a second of each type. */
  readonly rate: number;
  readonly seed: number;
  readonly switches: readonly string[];
  /** Of the story. Absent: events are made up. */
  readonly attacks: readonly PlayedAttack[] | undefined;
}

function attacksOf({ story, attack }: Given): Serving['attacks'] {
  const now = Date.now();
  return story ? playedAttacks(attack, { from: now, until: now + 24 * 3_600_000 }) : undefined;
}

async function serve({ port, rate, seed, switches, attacks }: Serving): Promise<void> {
  const simulator = await startSimulator({ clock: Date, seed, switches, port });
  // No stream exists yet, so these events are in none. A newcomer to the API learns that first.
  for (const type of eventTypes) simulator.generate(type, 50, { overPastMs: 60_000 });
  process.stdout.write(
    greeting(simulator, attacks ? whatIsTold(attacks) : `It raises ${rate} events a second of each type`),
  );

  let told = Date.now();
  const raising = setInterval(() => {
    if (attacks === undefined)
      for (const type of eventTypes) simulator.generate(type, rate, { overPastMs: 1000 });
    else {
      const [from, until] = [told, Date.now()];
      simulator.tell(storyBetween({ seed, attacks }, { from, until }));
      told = until;
    }
  }, 1000);
  const stop = () => {
    clearInterval(raising);
    void simulator.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** `It tells a story, with spraying at 14:00 UTC`. */
function whatIsTold(attacks: readonly PlayedAttack[]): string {
  const played = attacks.map(({ name, at }) => `${name} at ${new Date(at).toISOString().slice(11, 16)} UTC`);
  return ['It tells a story', ...(played.length === 0 ? [] : [`with ${played.join(', ')}`])].join(', ');
}

/** @param raises a sentence without its end */
function greeting({ url, clientId, clientSecret }: Simulator, raises: string): string {
  const activities = `${url}/activities/v1/activities`;
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  return `The simulated Mosaic listens. ${raises}: ${eventTypes.join(', ')}.

  base URL       ${url}
  client id      ${clientId}
  client secret  ${clientSecret}

A token:
  TOKEN=$(curl -s -X POST ${url}/oidc/token -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
Start collecting events of a type:
  curl -X PUT "${activities}/start-collect?type=cis" ${bearer}
Create a stream, which gets the events raised from now on and keeps them unread for seven days:
  curl -X PUT "${activities}/stream?type=cis&stream_id=mine&retention=7" ${bearer}
Collect: what is answered is consumed:
  curl -X POST "${activities}/collect?type=cis&stream_id=mine&batch_size=10" ${bearer}
Delete the stream, with what was not read:
  curl -X DELETE "${activities}/stream?type=cis&stream_id=mine" ${bearer}
Stop collecting events of a type, which deletes all streams of the type:
  curl -X DELETE "${activities}/stop-collect?type=cis" ${bearer}

Ctrl-C ends it.
`;
}
