import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openMosaicSource } from '../../../../functions/collector/adapters/mosaic-source.ts';
import type { Source } from '../../../../functions/collector/protocol/ports/source.ts';
import { runFields, sweepFields } from '../../../../functions/collector/run-log.ts';
import { runMetrics, stageMetrics, sweepMetrics } from '../../../../functions/collector/run-metrics.ts';
import { createTokenCache } from '../../../../functions/mosaic/token-cache.ts';
import { credentials, type Script, startScripted, token } from '../../mosaic/scripted-server.ts';
import { grantedToken, plants } from '../../planted.ts';
import {
  emptyAnswer,
  expectNothingOf,
  type PlantedAnswer,
  plantingAnswers,
  sendPlanted,
} from '../../planting-answers.ts';
import { type RelayUnderTest, relayUnderTest } from './relay-under-test.ts';
import type { SteppingClock } from './stepping-clock.ts';

const statuses = [200, 201, 302, 400, 401, 403, 404, 410, 429, 500, 503];

test.each([
  ['collect', 5],
  ['token', 2],
  ['start-collect', 1],
  ['stream', 1],
])(
  'logs, metrics, errors and stored items of runs hold nothing of what is planted in answers to %s',
  async (word, differentEnds) => {
    const now: { answer: PlantedAnswer; status: number } = { answer: emptyAnswer, status: 500 };
    const planted: Script = (response) => sendPlanted(response, now);
    const missing: Script = (response) => response.writeHead(404).end('Stream not found.');
    const ok: Script = (response) => response.end();
    const server = await startScripted({
      token: token(grantedToken),
      collect: missing,
      'start-collect': ok,
      stream: ok,
      [word]: planted,
    });
    const ends = new Set<string>();
    for (const [index, plant] of plants.entries()) {
      const answers = plantingAnswers(plant);
      now.answer = answers[(index * 7) % answers.length]!;
      now.status = statuses[index % statuses.length]!;
      const source = openSource(server.url);
      const relay = await relayOver(source);
      const report = await relay.run();
      const swept = await relay.sweep();
      source.close();
      ends.add(report.kind === 'ended' ? (report.error?.code ?? report.record.outcome) : report.kind);
      expectNothingOf(plant, now.answer.how, [
        report,
        runFields(report),
        runMetrics(report),
        swept,
        sweepFields(swept),
        sweepMetrics(swept),
        stageMetrics(swept),
        relay.state.stored,
      ]);
    }
    expect(ends.size).toBeGreaterThanOrEqual(differentEnds);
  },
);

test('a run that fails with an error that quotes an event tells its name, its length and the place', async () => {
  for (const plant of plants) {
    const relay = relayUnderTest(['{"n":1}']);
    relay.state.openRuns.open = async () => {
      throw new SyntaxError(`Unexpected token, ${JSON.stringify(plant.text)} is not valid JSON`);
    };

    const report = await relay.run();

    const error = report.kind === 'ended' ? report.error : undefined;
    expect(error?.message).toMatch(
      /^The run failed with SyntaxError: a message of \d+ characters, at .*\.ts:\d+/,
    );
    expectNothingOf(plant, 'thrown', [error, runFields(report), relay.state.stored]);
  }
});

function openSource(url: string): Source {
  return openMosaicSource({
    secretId: 'mosaic-secret',
    mosaic: {
      url,
      apiVersion: 'v1',
      readCredentials: async () => credentials,
      tokens: createTokenCache(),
      now: Date.now,
      wireCapBytes: 1024 * 1024,
    },
    address: { type: 'cis', streamId: 'relay-cis' },
    autoReopen: true,
    enrichment: false,
    reopenTimeoutMs: 20_000,
  });
}

/** The core on in-memory ports, but for Mosaic, which is asked over HTTP. */
async function relayOver(source: Source): Promise<RelayUnderTest> {
  const relay = relayUnderTest([], ['s3'], quickClock());
  relay.source.stored.script.push(...Array.from({ length: 100 }, () => source.collect));
  const reopened = await source.reopen(new AbortController().signal);
  relay.source.stored.reopen = () => reopened;
  return relay;
}

/** Time that passes 100 times as fast, so that the waits between attempts are short and real answers still arrive. */
function quickClock(): SteppingClock {
  const speed = 100;
  let offset = 0;
  const startedAt = Date.now();
  const now = () => startedAt + (Date.now() - startedAt) * speed + offset;
  return {
    now,
    random: () => 0.5,
    sleep: (ms, signal) => wait(ms / speed, undefined, { signal }).catch(() => undefined),
    set: (time) => {
      offset += time - now();
    },
  };
}
