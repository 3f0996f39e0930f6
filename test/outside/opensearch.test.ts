import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { storyText, tellStory } from '@mosaic-relay/mosaic-simulator';
import { startOpenSearch } from '@mosaic-relay/siem-receivers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventTypes } from '../../functions/collector/contract.ts';
import { tellSkipped, temporaryFolder } from './install.ts';
import { ask, countOf, everySource, refusalsOf, type SearchServer } from './opensearch/bulk-answers.ts';
import { documentsOf, drawnEvents, isText, simulated } from './opensearch/documents.ts';
import { followingDocuments, hostileEvents } from './opensearch/hostile-events.ts';
import { installOpenSearch, type RealOpenSearch, startRealOpenSearch } from './opensearch/real-opensearch.ts';

const folder = temporaryFolder();
const missing = await installOpenSearch(folder);
tellSkipped('OpenSearch', missing, folder);

const content = (path: string) => readFileSync(join(import.meta.dirname, '../../content', path), 'utf8');
const template = content('opensearch/index-template.json');

let real: RealOpenSearch;

beforeAll(async () => {
  if (missing !== undefined) return;
  real = await startRealOpenSearch(folder);
  await ask(real, 'PUT', '/_index_template/mosaic-relay', template);
});
afterAll(() => real?.stop());

describe.skipIf(missing !== undefined)('OpenSearch 2.19 with the template of content/opensearch', () => {
  describe.each(eventTypes)('%s', (type) => {
    const index = `mosaic-${type}`;

    test('all of 2,000 events that the simulator raised are indexed, and a search finds each', async () => {
      const documents = documentsOf(simulated(type, 2_000), type);
      const refused = (await refusalsOf(real, index, documents)).filter((reason) => reason !== undefined);

      expect(documents).toHaveLength(2_000);
      expect(refused).toEqual([]);
      expect(await countOf(real, index, `_relay.type:${type} AND _relay.stage:dev`)).toBe(2_000);
      const plain = documents.filter((document) => !isText(document)).length;
      expect(plain).toBeGreaterThan(1_600);
      const query = 'timestamp:["2026-02-01" TO "2026-04-01"] AND _exists_:activity';
      expect(await countOf(real, index, query)).toBe(plain);
    });
  });

  test('of events that the simulator raised, only such go as a string as OpenSearch would refuse', async () => {
    const sent = eventTypes.flatMap((type) => {
      const events = simulated(type, 2_000);
      const documents = documentsOf(events, type);
      return documentsOf(
        events.filter((_, at) => isText(documents[at]!)),
        type,
        { format: 'relay-line' },
      );
    });
    const taken = (await refusalsOf(real, 'mosaic-lines', sent)).filter((reason) => reason === undefined);

    expect(sent.length).toBeGreaterThan(300);
    expect(taken).toEqual([]);
  });

  test('each search of docs/opensearch.md finds what it is for', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/opensearch.md'), 'utf8');
    const lines = /```lucene\n([\s\S]*?)```/.exec(page)![1]!.trim().split('\n');
    const spans = [...page.matchAll(/`([a-z_.]+:[a-z]+)`/g)].map(([, query]) => query!);
    const documents = [
      ...documentsOf(simulated('risk', 2_000), 'risk', { stage: 'prod' }),
      ...documentsOf(simulated('cis', 500), 'cis', { stage: 'prod' }),
      ...documentsOf(simulated('cis', 300), 'cis'),
      ...documentsOf(['{"step":"one","step":2}'], 'verify'),
    ];
    const wanted: Readonly<Record<string, (document: Document) => boolean>> = {
      'activity:risk_recommendation AND additionalParams.recommendation:DENY': ({ additionalParams }) =>
        additionalParams?.recommendation === 'DENY',
      'activity:risk_recommendation AND (additionalParams.recommendation:DENY OR additional_params.recommendation:DENY)':
        ({ additionalParams, additional_params }) =>
          (additionalParams ?? additional_params)?.recommendation === 'DENY',
      '_relay.stage:prod AND _relay.type:cis': ({ _relay }) =>
        _relay.stage === 'prod' && _relay.type === 'cis',
      '_relay.as_text:true': ({ _relay }) => _relay.as_text === true,
    };
    // What is a word in the text of other events, the analyzer knows alone.
    const wordIn = '(event:step) AND _relay.type:verify';
    await refusalsOf(real, 'mosaic-searched', documents);
    const found = Object.entries(wanted).map(async ([query, isWanted]) => {
      const expected = documents.filter((document) => isWanted(JSON.parse(document))).length;
      expect(expected).toBeGreaterThan(0);
      return [query, await countOf(real, 'mosaic-searched', query), expected] as const;
    });

    expect([...lines, ...spans]).toEqual([...Object.keys(wanted), 'event:step']);
    expect(await countOf(real, 'mosaic-searched', wordIn)).toBe(1);
    for (const [query, count, expected] of await Promise.all(found))
      expect([query, count]).toEqual([query, expected]);
  });

  test('every hostile event is indexed, and one that went as a string is found as such', async () => {
    const documents = documentsOf(
      hostileEvents.map(([, event]) => event),
      'cis',
    );
    const refusals = await refusalsOf(real, 'mosaic-hostile', documents);
    const asText = documents.filter(isText).length;

    expect(documents).toHaveLength(hostileEvents.length);
    expect(named(hostileEvents, refusals)).toEqual([]);
    expect(asText).toBeGreaterThan(30);
    expect(await countOf(real, 'mosaic-hostile', '_relay.as_text:true')).toBe(asText);
    expect(await countOf(real, 'mosaic-hostile', '_relay.type:cis')).toBe(documents.length);
  });

  test('whatever JSON an event is, it is indexed', async () => {
    const documents = documentsOf(drawnEvents(), 'cis');
    const refused = (await refusalsOf(real, 'mosaic-drawn', documents)).filter(
      (reason) => reason !== undefined,
    );
    expect(documents.length).toBeGreaterThan(500);
    expect(refused).toEqual([]);
  });
});

describe.skipIf(missing !== undefined)('OpenSearch 2.19 with the pipeline to ECS', () => {
  const story = tellStory({
    seed: 18,
    from: Date.UTC(2026, 10, 2),
    days: 1,
    attacks: [{ name: 'spraying', at: Date.UTC(2026, 10, 2, 14) }],
  });
  beforeAll(async () => {
    const ecs = JSON.parse(content('opensearch/ecs-index-template.json'));
    await ask(real, 'PUT', '/_ingest/pipeline/mosaic-relay', content('opensearch/ingest-pipeline.json'));
    const named = JSON.stringify({ ...ecs, index_patterns: ['ecs-*'] });
    await ask(real, 'PUT', '/_index_template/mosaic-relay-ecs', named);
  });

  test.each(eventTypes)(
    'every %s event of simulator and story is indexed, as itself and by ECS',
    async (type) => {
      const told = story.filter((each) => each.type === type).map(storyText);
      const documents = documentsOf([...simulated(type, 2_000), ...told], type);
      const refused = (await refusalsOf(real, `ecs-${type}`, documents)).filter(
        (reason) => reason !== undefined,
      );

      expect(refused).toEqual([]);
      expect(await countOf(real, `ecs-${type}`, 'event.provider:mosaic AND _exists_:event.id')).toBe(
        documents.length,
      );
      expect(await countOf(real, `ecs-${type}`, '_exists_:error.message')).toBe(0);
      const mapped = documents.filter((text) => !isText(text)).length;
      expect(await countOf(real, `ecs-${type}`, '_exists_:event.action')).toBe(mapped);
    },
  );

  test('a spraying is found by the fields of ECS', async () => {
    const failures = story.filter((each) => storyText(each).includes('user_failed_login'));
    await refusalsOf(
      real,
      'ecs-story',
      documentsOf(story.filter(({ type }) => type === 'cis').map(storyText), 'cis'),
    );

    expect(failures.length).toBeGreaterThan(20);
    const page = readFileSync(join(import.meta.dirname, '../../docs/opensearch.md'), 'utf8');
    const query = /```lucene\n(event\.category.*)\n```/.exec(page)![1]!;
    expect(await countOf(real, 'ecs-story', query)).toBeGreaterThanOrEqual(failures.length);
  });

  test('whatever JSON an event is, it is indexed, and all of it can be read back', async () => {
    const hostile = [...hostileEvents.map(([, event]) => event), ...drawnEvents(), ...namesOfEcs];
    const documents = documentsOf(hostile, 'cis');
    const refused = named(
      documents.map((text) => [text.slice(0, 200), text] as const),
      await refusalsOf(real, 'ecs-hostile', documents),
    );

    expect(refused).toEqual([]);
    expect(await countOf(real, 'ecs-hostile', '_relay.type:cis')).toBe(documents.length);
    expect(await countOf(real, 'ecs-hostile', '_exists_:error.message')).toBe(0);
    const kept = (await everySource(real, 'ecs-hostile')).map((source) => JSON.stringify(source));
    for (const word of ['ownUser', 'ownSource', 'ownEvent', 'ownMessage', 'ownTime', 'ownMosaic'])
      expect(
        kept.filter((text) => text.includes(word)),
        word,
      ).toHaveLength(1);
  });
});

/** Events whose members have the names that ECS gives to something else. */
const namesOfEcs = [
  '{"activity":"user_login","user":"ownUser","source":{"ip":"ownSource"},"user_agent":{"a":1}}',
  '{"activity":"user_login","event":{"kind":"ownEvent"},"message":{"text":"ownMessage"}}',
  '{"activity":"user_login","@timestamp":"ownTime","mosaic":"ownMosaic","error":"x","ecs":[1]}',
];

describe.skipIf(missing !== undefined)(
  'the simulated OpenSearch refuses just what OpenSearch 2.19 refuses',
  () => {
    let simulatedServer: SearchServer & { close(): Promise<void> };

    beforeAll(async () => {
      const search = await startOpenSearch({ clock: Date, kind: 'managed', mayWrite: () => true });
      const scope = '20260301/us-east-1/es/aws4_request';
      const authorization = `AWS4-HMAC-SHA256 Credential=ASIA/${scope}, SignedHeaders=host, Signature=0`;
      simulatedServer = { url: search.url, headers: { authorization }, close: () => search.close() };
      await ask(simulatedServer, 'PUT', '/_index_template/mosaic-relay', template);
    });
    afterAll(() => simulatedServer?.close());

    /** Each case that one of both takes and the other refuses, with the reason. */
    async function judgedOtherwise(
      index: string,
      cases: readonly (readonly [says: string, document: string])[],
    ): Promise<readonly string[]> {
      const documents = cases.map(([, document]) => document);
      const byReal = await refusalsOf(real, index, documents);
      const bySimulated = await refusalsOf(simulatedServer, index, documents);
      expect([byReal.length, bySimulated.length]).toEqual([cases.length, cases.length]);
      return cases.flatMap(([says], at) => {
        const [ofReal, ofSimulated] = [byReal[at], bySimulated[at]];
        if ((ofReal === undefined) === (ofSimulated === undefined)) return [];
        const whose =
          ofReal === undefined ? 'refused by the simulated one alone' : 'refused by OpenSearch alone';
        return [`${says}: ${whose}: ${(ofReal ?? ofSimulated)!.slice(0, 300)}`];
      });
    }

    const oneLine = hostileEvents.filter(([, event]) => !/[\n\r]/.test(event));

    test('of hostile documents, with the template', async () => {
      expect(await judgedOtherwise('mosaic-raw', oneLine)).toEqual([]);
    });

    test('of drawn documents, with the template', async () => {
      const cases = drawnEvents()
        .map((event) => event.replaceAll(/[\n\r]/g, ' '))
        .map((event) => [event, event] as const);
      expect(await judgedOtherwise('mosaic-raw-drawn', cases)).toEqual([]);
    });

    test('of hostile documents, each the first of an index without a template', async () => {
      const found: string[] = [];
      for (const [at, one] of oneLine.entries()) found.push(...(await judgedOtherwise(`plain-${at}`, [one])));
      expect(found).toEqual([]);
    }, 180_000);

    test.each(followingDocuments)('%s: both refuse the same, without a template', async (says, documents) => {
      const index = `first-${says.replaceAll(/[^a-z]+/g, '-')}`;
      const refused = async (server: SearchServer) =>
        (await refusalsOf(server, index, documents)).map((reason) => reason !== undefined);

      expect(await refused(simulatedServer)).toEqual(await refused(real));
    });
  },
);

/** The part of a document that the searches of the docs look at. */
interface Document {
  readonly activity?: string;
  readonly additionalParams?: { readonly recommendation?: string };
  readonly additional_params?: { readonly recommendation?: string };
  readonly _relay: { readonly type: string; readonly stage: string; readonly as_text?: boolean };
}

function named(
  cases: readonly (readonly [says: string, event: string])[],
  refusals: readonly (string | undefined)[],
): readonly (string | undefined)[] {
  return refusals.flatMap((reason, at) => (reason === undefined ? [] : [`${cases[at]![0]}: ${reason}`]));
}
