import type { AwsAnswer } from '../aws-answer.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer, jsonAnswer } from '../aws-error.ts';
import { type LeftResources, ResourceOfStack } from '../control-plane/left-resources.ts';
import type { HeldStream } from './held-stream.ts';

/** The calls by which delivery streams are listed, told apart and deleted. */
export const streamOperations = ['ListDeliveryStreams', 'ListTagsForDeliveryStream', 'DeleteDeliveryStream'];

export interface StreamOperationsState {
  readonly streams: ReadonlyMap<string, HeldStream>;
  /** Absent in an account without stacks, where nothing can be deleted. */
  readonly left?: LeftResources;
}

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html */
export async function performStreamOperation(
  { operation, input }: AwsCall,
  state: StreamOperationsState,
): Promise<AwsAnswer> {
  const known = { ...members[operation] };
  const others = Object.keys(input).filter((name) => !(name in known));
  if (others.length > 0) return invalid(`${others.join(', ')} is not known here`);
  if (operation === 'ListDeliveryStreams') return list(input, state);
  const name = String(input.DeliveryStreamName);
  const held = state.streams.get(name);
  if (held === undefined) return refused('ResourceNotFoundException', `Firehose ${name} not found.`);
  if (operation === 'ListTagsForDeliveryStream') return jsonAnswer({ Tags: held.tags, HasMoreTags: false });
  try {
    const deleted = await state.left?.delete(
      ({ type, physicalId }) => type === 'AWS::KinesisFirehose::DeliveryStream' && physicalId === name,
    );
    if (deleted === undefined || deleted.length === 0)
      return refused('ResourceInUseException', `Firehose ${name} was made by no stack.`);
    return jsonAnswer({});
  } catch (error) {
    if (!(error instanceof ResourceOfStack)) throw error;
    return refused('ResourceInUseException', error.message);
  }
}

const members: Readonly<Record<string, Readonly<Record<string, true>>>> = {
  ListDeliveryStreams: { Limit: true, ExclusiveStartDeliveryStreamName: true, DeliveryStreamType: true },
  ListTagsForDeliveryStream: { DeliveryStreamName: true },
  DeleteDeliveryStream: { DeliveryStreamName: true },
};

/** In the order of their names, 10 at a time unless the caller says otherwise. */
function list(input: AwsCall['input'], { streams }: StreamOperationsState): AwsAnswer {
  const { Limit: limit = 10, ExclusiveStartDeliveryStreamName: after = '', DeliveryStreamType: type } = input;
  if (type !== undefined && type !== 'DirectPut') return invalid(`${String(type)} is not known here`);
  if (!(Number(limit) >= 1 && Number(limit) <= 10_000)) return invalid('Limit must be 1 to 10000');
  const names = [...streams.keys()].toSorted().filter((name) => name > String(after));
  const page = names.slice(0, Number(limit));
  return jsonAnswer({ DeliveryStreamNames: page, HasMoreDeliveryStreams: page.length < names.length });
}

function invalid(message: string): AwsAnswer {
  return refused('InvalidArgumentException', message);
}

function refused(code: string, message: string): AwsAnswer {
  return errorAnswer('firehose', { status: 400, code, message });
}
