// Mosaic's stand-in alone on a port, for trying its API with curl: `npm run mosaic`.

import { parseArgs } from 'node:util';
import { describeSwitches, type Simulator, startSimulator } from '@mosaic-relay/mosaic-simulator';
import { eventTypes } from '../functions/collector/contract.ts';

const help = `Usage: npm run mosaic -- [options]

Runs a stand-in for Mosaic's event streaming API on this machine and keeps raising events of every type.
It prints its address, a client id and a secret, and the calls of Mosaic's guide as curl lines. Ctrl-C ends it.

  --port N         listen on this port (a free one)
  --rate N         raise so many events of each type every second, 0 to 10000 (5)
  --seed N         decides the events and the switches (1)
  --source A,B     awkward behaviours to switch on; "--source help" lists them
  --help           print this
`;

try {
  await main();
} catch (error) {
  console.error(`mosaic: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      rate: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      source: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  if (values.source === 'help') return void process.stdout.write(`${describeSwitches()}\n`);
  const rate = wholeNumber('--rate', values.rate, 10_000);
  const simulator = await startSimulator({
    clock: Date,
    seed: wholeNumber('--seed', values.seed, 2 ** 32 - 1),
    switches: values.source.split(',').filter((name) => name !== ''),
    port: wholeNumber('--port', values.port, 65_535),
  });
  // Raised before any stream exists, so they are in none: what a newcomer to the API has to learn first.
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

function wholeNumber(flag: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most))
    throw new Error(`${flag} takes a whole number from 0 to ${most}, not ${JSON.stringify(text)}`);
  return value;
}

function greeting({ url, clientId, clientSecret }: Simulator, rate: number): string {
  const activities = `${url}/activities/v1/activities`;
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  return `Mosaic's stand-in listens. It raises ${rate} events a second of each type: ${eventTypes.join(', ')}.

  base URL       ${url}
  client id      ${clientId}
  client secret  ${clientSecret}

A token:
  TOKEN=$(curl -s -X POST ${url}/oidc/token -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
Start collecting events of a type:
  curl -X PUT "${activities}/start-collect?type=cis" ${bearer}
Create a stream, which gets the events raised from now on:
  curl -X PUT "${activities}/stream?type=cis&stream_id=mine" ${bearer}
Collect: what is answered is consumed:
  curl -X POST "${activities}/collect?type=cis&stream_id=mine&batch_size=10" ${bearer}
Delete the stream, with what was not read:
  curl -X DELETE "${activities}/stream?type=cis&stream_id=mine" ${bearer}

Ctrl-C ends it.
`;
}
