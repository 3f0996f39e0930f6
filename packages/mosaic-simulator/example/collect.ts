import { startSimulator } from '@mosaic-relay/mosaic-simulator';

// Mosaic with one awkward behaviour: the answer of a collect may be lost after its events were consumed.
const mosaic = await startSimulator({ clock: Date, seed: 4, switches: ['lost-answer'] });

const granted = await fetch(`${mosaic.url}/oidc/token`, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: mosaic.clientId,
    client_secret: mosaic.clientSecret,
  }),
});
const { access_token } = (await granted.json()) as { access_token: string };
const headers = { authorization: `Bearer ${access_token}` };
const activities = `${mosaic.url}/activities/v1/activities`;
await fetch(`${activities}/start-collect?type=cis`, { method: 'PUT', headers });
await fetch(`${activities}/stream?type=cis&stream_id=mine`, { method: 'PUT', headers });

mosaic.generate('cis', 100);
for (let call = 1; call <= 10; call += 1) {
  const collect = `${activities}/collect?type=cis&stream_id=mine&batch_size=10`;
  const read = await fetch(collect, { method: 'POST', headers })
    .then((answer) => answer.json())
    .catch(() => undefined);
  console.log(`call ${call}: ${read === undefined ? 'no answer' : `${(read as unknown[]).length} events`}`);
}

const fates = [...mosaic.ledger('mine')].map(({ fate }) => fate);
console.log(`answered ${fates.filter((fate) => fate === 'answered').length}`);
console.log(`lost ${fates.filter((fate) => fate === 'lost').length}`);
await mosaic.close();
