import { expect, test } from 'vitest';
import { openMosaicSource } from '../../../functions/collector/adapters/mosaic-source.ts';
import { collect } from '../../../functions/mosaic/collect-call.ts';
import { createStream, deleteStream, startCollect } from '../../../functions/mosaic/lifecycle.ts';
import type { Mosaic } from '../../../functions/mosaic/mosaic.ts';
import { createTokenCache } from '../../../functions/mosaic/token-cache.ts';
import { grantedToken, plants } from '../planted.ts';
import {
  emptyAnswer,
  everyAnswer,
  expectNothingOf,
  type PlantedAnswer,
  sendPlanted,
} from '../planting-answers.ts';
import {
  collectRequest,
  credentials,
  openTestMosaic,
  type Script,
  startScripted,
  token,
  verifyStream,
} from './scripted-server.ts';

const limits = { timeoutMs: 20_000 };
const statuses = [301, 302, 303, 307, 308, 400, 401, 403, 404, 406, 410, 422, 429, 500, 502, 503];

test('fifty kinds of personal data and secrets are planted', () => {
  expect(plants.length).toBeGreaterThanOrEqual(50);
});

test.each([
  ['collect', (mosaic) => collect(mosaic, verifyStream, collectRequest())],
  ['start-collect', (mosaic) => startCollect(mosaic, 'verify', limits)],
  ['stream', (mosaic) => createStream(mosaic, { ...verifyStream, retentionDays: 7 }, limits)],
  ['stream', (mosaic) => deleteStream(mosaic, verifyStream, limits)],
  ['token', (mosaic) => collect(mosaic, verifyStream, collectRequest())],
] satisfies [string, (mosaic: Mosaic) => Promise<unknown>][])(
  'an answer to %s brings nothing of what is planted in it into an outcome',
  async (word, call) => {
    const now: { answer: PlantedAnswer; status: number } = { answer: emptyAnswer, status: 500 };
    const server = await startScripted({
      token: token(grantedToken),
      [word]: (response) => sendPlanted(response, now),
    });
    const mosaic = openTestMosaic(server.url);
    let calls = 0;
    for (const [plant, answer] of everyAnswer(word === 'collect' ? 2 : 4)) {
      Object.assign(now, { answer, status: statuses[calls++ % statuses.length] });
      expectNothingOf(plant, answer.how, await call(mosaic));
    }
    expect(server.seenOf(word).length).toBeGreaterThanOrEqual(calls);
  },
);

test('a token endpoint that answers 200 with something else brings nothing of it into an outcome', async () => {
  const now: { answer: PlantedAnswer; status: number } = { answer: emptyAnswer, status: 200 };
  const server = await startScripted({ token: (response) => sendPlanted(response, now) });
  const mosaic = openTestMosaic(server.url);
  for (const [plant, answer] of everyAnswer(4)) {
    now.answer = answer;
    expectNothingOf(plant, answer.how, await collect(mosaic, verifyStream, collectRequest()));
  }
});

test('a reopening that is refused brings nothing into its outcome, and names the secret by its id', async () => {
  const now: { answer: PlantedAnswer; status: number } = { answer: emptyAnswer, status: 401 };
  const planted: Script = (response) => sendPlanted(response, now);
  const server = await startScripted({
    token: token(grantedToken),
    collect: planted,
    'start-collect': planted,
  });
  const source = openMosaicSource({
    secretId: 'mosaic-secret',
    mosaic: {
      url: server.url,
      apiVersion: 'v1',
      readCredentials: async () => credentials,
      tokens: createTokenCache(),
      now: Date.now,
      wireCapBytes: 1024 * 1024,
    },
    address: verifyStream,
    autoReopen: true,
    enrichment: false,
    reopenTimeoutMs: 20_000,
  });
  for (const [plant, answer] of everyAnswer(20)) {
    now.answer = answer;
    const outcomes = [
      await source.collect(collectRequest()),
      await source.reopen(new AbortController().signal),
    ];
    expectNothingOf(plant, answer.how, outcomes);
    expect(outcomes[0]).toMatchObject({ message: expect.stringContaining('(of secret mosaic-secret)') });
  }
  source.close();
});
