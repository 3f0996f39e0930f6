import { startSplunkHec } from '@mosaic-relay/siem-receivers';

const token = '6d8b1a52-6c1f-4f0a-9b1f-0c0f7a3e2d11';
const splunk = await startSplunkHec({ clock: Date, token, indexes: ['main', 'web'] });

async function send(envelope: object): Promise<void> {
  const answer = await fetch(`${splunk.url}/services/collector/event`, {
    method: 'POST',
    headers: {
      authorization: `Splunk ${token}`,
      'x-splunk-request-channel': '0f2f4f6e-1d1b-4c55-8f70-3c2f5a0e9d77',
    },
    body: JSON.stringify(envelope),
  });
  console.log(answer.status, await answer.text());
}

await send({ time: 1777622400, index: 'web', event: { path: '/login', status: 200 } });
await send({ time: 1777622401, index: 'wep', event: { path: '/login', status: 200 } });
splunk.faults.queuesFull = true;
await send({ time: 1777622402, event: 'a line of text' });

console.log(`${splunk.events.length} event taken, ${splunk.refusals.length} requests refused`);
await splunk.close();
