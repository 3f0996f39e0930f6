import type { FolderUse } from '../../../functions/stored/delivered-key.ts';
import type { KeptDelivery } from '../../../functions/stored/kept-delivery.ts';
import type { KnownStream } from '../../../functions/stored/stream-register.ts';
import type {
  KeptRegister,
  LifecyclePorts,
  MosaicRefusal,
  MosaicStreams,
  StackResources,
  StreamRegister,
} from '../../../functions/stream-lifecycle/ports.ts';
import type { LifecycleRequest } from '../../../functions/stream-lifecycle/request.ts';

export interface MemoryMosaic extends MosaicStreams {
  /** `<type>/<id>` of every stream that exists. */
  readonly streams: Set<string>;
  /** Set to have every call refused. */
  refusing: MosaicRefusal | undefined;
  /** Set to have the next answer about a creation lost, and the call repeated. */
  silent: boolean;
}

export function memoryMosaic(...existing: readonly string[]): MemoryMosaic {
  const streams = new Set(existing);
  const mosaic: MemoryMosaic = {
    host: 'api.sbx.example',
    streams,
    refusing: undefined,
    silent: false,
    async open({ type, id }) {
      if (mosaic.refusing !== undefined) return mosaic.refusing;
      const unclear = mosaic.silent;
      if (streams.has(`${type}/${id}`) || unclear) {
        mosaic.silent = false;
        streams.add(`${type}/${id}`);
        return { kind: 'already-there', unclear };
      }
      streams.add(`${type}/${id}`);
      return { kind: 'created', withoutRetention: false };
    },
    async remove({ type, id }) {
      if (mosaic.refusing !== undefined) return mosaic.refusing;
      return { kind: streams.delete(`${type}/${id}`) ? 'deleted' : 'not-there' };
    },
  };
  return mosaic;
}

export interface MemoryRegister extends StreamRegister {
  readonly stored: Map<string, KnownStream>;
  /** What folders are for, by `<stream>/<destination>`. */
  readonly folders: Map<string, FolderUse>;
  /** Set to lose the next write, as a process that dies before it. */
  dying: boolean;
}

export function memoryRegister(): MemoryRegister {
  const stored = new Map<string, KnownStream>();
  const register: MemoryRegister = {
    stored,
    folders: new Map(),
    dying: false,
    async read(name) {
      return stored.get(name);
    },
    async readersOf({ type, streamId }) {
      return [...stored].flatMap(([name, known]) =>
        known.type === type && known.streamId === streamId ? [{ name, known }] : [],
      );
    },
    async write(name, known, before) {
      if (register.dying) throw new Error('the process died');
      if (stored.get(name)?.streamId !== before?.streamId) return false;
      stored.set(name, known);
      return true;
    },
    async noteFolder(name, destination, use) {
      const noted = register.folders.get(`${name}/${destination}`) ?? use;
      register.folders.set(`${name}/${destination}`, noted);
      return noted === use;
    },
  };
  return register;
}

/** A request about the stream `cis`, as CloudFormation sends it. */
export function lifecycleRequest(
  RequestType: LifecycleRequest['RequestType'],
  properties: Readonly<Record<string, string>> = {},
): LifecycleRequest {
  return {
    RequestType,
    ResponseURL: 'https://cloudformation.example/answer',
    StackId:
      'arn:aws:cloudformation:eu-west-1:111122223333:stack/mosaic-relay-test/0a1b2c3d-0000-0000-0000-000000000000',
    RequestId: 'request-1',
    ResourceType: 'Custom::MosaicStream',
    LogicalResourceId: 'StreamscisMosaicStream',
    PhysicalResourceId: RequestType === 'Create' ? undefined : 'mosaic-relay-test/cis',
    ResourceProperties: {
      ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:lifecycle',
      ServiceTimeout: '900',
      StreamName: 'cis',
      StreamId: 'relay-cis',
      StreamType: 'cis',
      Managed: 'true',
      Enrichment: 'false',
      OnRemoval: 'keep',
      ...properties,
    },
  };
}

export interface MemoryStack extends StackResources {
  /** Physical ids by logical ids. */
  readonly resources: Map<string, string>;
  /** Set while the stack is put back. */
  rollingBack: boolean;
}

export function memoryStack(resources: Readonly<Record<string, string>> = {}): MemoryStack {
  const known = new Map(Object.entries(resources));
  const stack: MemoryStack = {
    resources: known,
    rollingBack: false,
    physicalIdOf: async ({ logicalId }) => known.get(logicalId),
    isRollingBack: async () => stack.rollingBack,
  };
  return stack;
}

/** The ports of a stage in which everything is delivered, unless told otherwise. */
export function memoryPorts(ports: Partial<LifecyclePorts> = {}): LifecyclePorts {
  return {
    mosaic: memoryMosaic(),
    register: memoryRegister(),
    stack: memoryStack(),
    unfinished: { list: async () => [] },
    waiting: { oldest: async () => undefined },
    kept: memoryKept(),
    stage: 'test',
    now: () => 1_000,
    ...ports,
  };
}

export interface MemoryKept extends KeptRegister {
  /** By stream, destination and mark, as `cis/s3/0a1b2c3d`. */
  readonly stored: Map<string, KeptDelivery>;
}

export function memoryKept(...noted: readonly KeptDelivery[]): MemoryKept {
  const key = ({
    streamName,
    destination,
    mark,
  }: Pick<KeptDelivery, 'streamName' | 'destination' | 'mark'>) => `${streamName}/${destination}/${mark}`;
  const stored = new Map(noted.map((kept) => [key(kept), kept]));
  return {
    stored,
    async note(kept) {
      if (!stored.has(key(kept))) stored.set(key(kept), kept);
    },
    async takeBack(id) {
      stored.delete(key(id));
    },
    async told(id, toldUntil) {
      const kept = stored.get(key(id));
      if (kept !== undefined) stored.set(key(id), { ...kept, toldUntil });
    },
    async list() {
      return [...stored.values()];
    },
  };
}
