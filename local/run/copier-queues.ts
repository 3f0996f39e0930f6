import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';

/** The queues of the object copiers that serve a stream's destinations, by the destination's name. */
export function copierQueuesOf(stream: WorldStream, world: World): ReadonlyMap<string, string> {
  const queues = [...world.eventSources.mappings.values()].flatMap(({ functionName, queueArn }) => {
    const { environment } = world.lambda.functions.find(functionName).definition;
    return environment.STREAM_NAME === stream.name
      ? [[String(environment.DESTINATION), queueArn] as const]
      : [];
  });
  return new Map(queues);
}
