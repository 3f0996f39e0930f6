import { createVirtualClock } from '@mosaic-relay/cdk-loopback';
import { type Simulator, startSimulator } from '@mosaic-relay/mosaic-simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { deployLocally, type LocalDeployment } from './local-deployment.ts';

const cis: StreamSettings = { name: 'cis', id: 'relay-cis', type: 'cis', onRemoval: 'delete' };
const admin: StreamSettings = { name: 'admin', id: 'relay-admin', type: 'admin' };
const risk: StreamSettings = { name: 'risk', id: 'relay-risk', type: 'risk', onRemoval: 'delete' };

/** The message about a stream that somebody else may read. */
const taken = (name: string, id: string) =>
  new RegExp(`Custom::MosaicStream.*already has a .* stream ${id},.*-c adopt=${name},`, 's');

/** Two accounts with a table each and one tenant of Mosaic. Each test deploys over what the one before left. */
describe('two deployments that read one tenant of Mosaic', () => {
  let tenant: Tenant;
  let first: LocalDeployment;
  let second: LocalDeployment;
  /** Called when the second writes `relay-risk` into its table. */
  let beforeWriting: (() => void) | undefined;

  beforeAll(async () => {
    tenant = await startTenant();
    first = await tenant.deploy([cis]);
    second = await tenant.deploy([admin], {
      gateway: {
        interfere: ({ operation, input }) => {
          if (operation !== 'UpdateItem' || !JSON.stringify(input).includes('relay-risk')) return undefined;
          if (beforeWriting === undefined) return undefined;
          beforeWriting();
          beforeWriting = undefined;
          return { skipEffect: true };
        },
      },
    });
  });
  afterAll(() => tenant.close());

  test('the second one that wants a stream fails, and leaves the stream and its backlog alone', async () => {
    tenant.mosaic.generate('cis', 7);
    await expect(second.update({ streams: [admin, cis] })).rejects.toThrow(taken('cis', 'relay-cis'));
    expect(second.world.streams.map(({ name }) => name)).toEqual(['admin']);
    expect(tenant.mosaic.streams()[0]).toMatchObject({ id: 'relay-cis', deletedAt: undefined, backlog: 7 });
    expect(tenant.mosaic.calls.map(({ operation }) => operation)).not.toContain('delete-stream');
  });

  test('it takes a stream of its own, or one by its portal URL', async () => {
    const pullUrl =
      'https://api.sbx.transmitsecurity.io/activities/v1/activities/collect?type=cis&stream_id=relay-cis';
    const own = { ...cis, id: 'relay-cis-second' };
    await second.update({ streams: [admin, own, { name: 'portal', pullUrl, type: 'cis' }] });
    await second.update({ streams: [admin, own] });
    expect(tenant.ids()).toEqual(['relay-admin', 'relay-cis', 'relay-cis-second']);
  });

  test('a witness whose stream somebody else reads fails as well', async () => {
    await first.update({ streams: [cis, { id: 'relay-admin-witness', type: 'admin' }] });
    const watched = second.update({ streams: [{ ...admin, witness: 'detect' }] });
    await expect(watched).rejects.toThrow(taken('admin-witness', 'relay-admin-witness'));
  });

  test('a process that dies between Mosaic and the table leaves a stream that the next deploy adopts', async () => {
    beforeWriting = () => {
      for (const { id } of second.world.lambda.sandboxes()) second.world.lambda.kill(id, 'killed');
    };
    const streams = [admin, risk];
    await expect(second.update({ streams })).rejects.toThrow(taken('risk', 'relay-risk'));
    expect(beforeWriting).toBeUndefined();
    expect(tenant.ids()).toContain('relay-risk');
    await second.update({ streams }, { adopt: 'risk' });
    await second.update({ streams });
  });

  test('what was adopted is not deleted when it is taken out, whatever the settings say', async () => {
    await second.update({ streams: [admin] });
    expect(tenant.ids()).toContain('relay-risk');
  });

  test('a stream under another name goes on in its stage, and is not deleted with its old name', async () => {
    await first.update({ streams: [{ ...cis, name: 'sign-ins' }] });
    expect(tenant.ids()).toContain('relay-cis');
    expect(first.world.denials).toEqual([]);
  });

  test('a stack that is made again has an empty table: it fails', async () => {
    await second.update({ streams: [{ ...admin, witness: 'recover', id: 'relay-audit' }] });
    await second.world.destroy();
    const again = tenant.deploy([{ ...admin, witness: 'recover', id: 'relay-audit' }]);
    await expect(again).rejects.toThrow(/already has a .* stream relay-audit.*-c adopt=/);
  });

  test('and adopts its streams and their witnesses by the names of the streams', async () => {
    tenant.mosaic.generate('admin', 5);
    const again = tenant.deploy([{ ...admin, witness: 'recover', id: 'relay-audit' }], { adopt: 'admin' });
    await again;
    const streams = tenant.mosaic.streams().filter(({ id }) => id.startsWith('relay-audit'));
    expect(streams.map(({ id, backlog }) => [id, backlog])).toEqual([
      ['relay-audit', 5],
      ['relay-audit-witness', 5],
    ]);
  });
});

describe('a first deploy that fails half-way', () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant();
  });
  afterAll(() => tenant.close());

  test('deletes the stream that it created, where the settings say so, and keeps the others', async () => {
    tenant.refuse('relay-risk');
    await expect(tenant.deploy([admin, cis, risk])).rejects.toThrow('401');
    expect(tenant.ids()).toEqual(['relay-admin']);
  });

  test('fails again when it is repeated, and says how to go on', async () => {
    tenant.refuse(undefined);
    await expect(tenant.deploy([admin, cis, risk])).rejects.toThrow(taken('admin', 'relay-admin'));
  });

  test('deletes no stream that it adopted, whatever the settings say', async () => {
    tenant.refuse('relay-risk');
    const failing = tenant.deploy([{ ...admin, onRemoval: 'delete' }, risk], { adopt: 'admin' });
    await expect(failing).rejects.toThrow('401');
    expect(tenant.ids()).toEqual(['relay-admin']);
  });

  test('succeeds with adopt, which takes over what was created, and creates what was not', async () => {
    tenant.refuse(undefined);
    await tenant.deploy([admin, cis], { adopt: 'admin, cis' });
    expect(tenant.ids()).toEqual(['relay-admin', 'relay-cis']);
  });
});

interface Tenant {
  readonly mosaic: Simulator;
  /** The ids of the streams that exist. */
  ids(): readonly string[];
  /** Names the stream that Mosaic refuses to create. */
  refuse(id: string | undefined): void;
  /** Deploys a stack into an account that is new. */
  deploy(
    streams: readonly StreamSettings[],
    options?: Partial<Parameters<typeof deployLocally>[0]>,
  ): Promise<LocalDeployment>;
  close(): Promise<void>;
}

async function startTenant(): Promise<Tenant> {
  const clock = createVirtualClock({ startAt: Date.UTC(2026, 2, 2, 8) });
  const stacks: LocalDeployment[] = [];
  let refused: string | undefined;
  const mosaic = await startSimulator({
    clock,
    seed: 1,
    switches: [],
    interfere: ({ operation, streamId }) =>
      operation === 'create-stream' && streamId === refused
        ? { before: { kind: 'status', status: 401 } }
        : undefined,
  });
  return {
    mosaic,
    ids: () =>
      mosaic
        .streams()
        .flatMap(({ id, deletedAt }) => (deletedAt === undefined ? [id] : []))
        .toSorted(),
    refuse: (id) => {
      refused = id;
    },
    async deploy(streams, options) {
      const stack = await deployLocally({ settings: { streams }, mosaic, ...options });
      stacks.push(stack);
      return stack;
    },
    async close() {
      for (const stack of stacks) await stack.close();
      await mosaic.close();
      clock.close();
    },
  };
}
