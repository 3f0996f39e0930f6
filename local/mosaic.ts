import { type Simulator, startSimulator } from '@mosaic-relay/mosaic-simulator';
import { outputOf } from '../cli/arguments/output.ts';
import { runProgram } from '../cli/arguments/program.ts';
import { WrongUse } from '../cli/arguments/wrong-use.ts';
import { eventTypes } from '../functions/collector/contract.ts';
import { mosaicProgram } from './mosaic-program.ts';
import { sourceHelp } from './source-switches.ts';

/** The program of `npm run mosaic`: the simulated Mosaic alone on a port. */
const output = outputOf(process);
try {
  process.exitCode = await runProgram(mosaicProgram, process.argv.slice(2), output, async (given) => {
    if (given.source === 'help') output.out(sourceHelp());
    else await serve({ ...given, switches: given.source });
    return 0;
  });
} catch (error) {
  output.problem(
    `${mosaicProgram.name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
  );
  process.exitCode = WrongUse.exitCode;
}

interface Serving {
  readonly port: number;
  /** Events a second of each type. */
  readonly rate: number;
  readonly seed: number;
  readonly switches: readonly string[];
}

async function serve({ port, rate, seed, switches }: Serving): Promise<void> {
  const simulator = await startSimulator({ clock: Date, seed, switches, port });
  // No stream exists yet, so these events are in none. A newcomer to the API learns that first.
  for (const type of eventTypes) simulator.generate(type, 50, { overPastMs: 60_000 });
  process.stdout.write(greeting(simulator, rate));

  const raising = setInterval(() => {
    for (const type of eventTypes) simulator.generate(type, rate, { overPastMs: 1000 });
  }, 1000);
  const stop = () => {
    clearInterval(raising);
    void simulator.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function greeting({ url, clientId, clientSecret }: Simulator, rate: number): string {
  const activities = `${url}/activities/v1/activities`;
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  return `The simulated Mosaic listens. It raises ${rate} events a second of each type: ${eventTypes.join(', ')}.

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
