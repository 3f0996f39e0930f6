import { ecsName } from './ecs-pipeline.ts';
import { ecsProperties } from './ecs-properties.ts';

/** The names under which an event's own members stay, beside ECS' fields. */
const ownFields = {
  'event.original': { type: 'keyword', index: false, doc_values: false },
  activity: { type: 'keyword', ignore_above: 1024 },
  timestamp: { type: 'keyword', ignore_above: 1024 },
  additionalParams: { type: 'flattened', ignore_above: 8191 },
  additional_params: { type: 'flattened', ignore_above: 8191 },
  '_relay.type': { type: 'keyword' },
  '_relay.stream': { type: 'keyword' },
  '_relay.stage': { type: 'keyword' },
  '_relay.id': { type: 'keyword' },
  '_relay.collected_at': { type: 'date' },
  '_relay.view': { type: 'keyword' },
  '_relay.key': { type: 'keyword' },
};

/** A component template of types, for an index template of the operator's. */
export function elasticComponentTemplate(): object {
  return {
    version: 2,
    template: {
      settings: { 'index.mapping.ignore_malformed': true, 'index.default_pipeline': ecsName },
      mappings: { dynamic: false, properties: ecsProperties(ownFields) },
    },
    _meta: { description: 'Events of Mosaic, by ECS' },
  };
}

export function elasticIndexTemplate(): object {
  return {
    index_patterns: ['logs-mosaic-*'],
    data_stream: {},
    composed_of: [ecsName],
    priority: 300,
    version: 1,
  };
}
