import { readFileSync } from 'node:fs';
import { ecsName } from './ecs-pipeline.ts';
import { ecsProperties } from './ecs-properties.ts';

/**
 * The index template of `content/opensearch/index-template.json`, grown by ECS' fields, which the ingest pipeline of
 * the same folder writes. It comes before the plain one where both are there.
 */
export function openSearchEcsTemplate(): object {
  const plain = JSON.parse(
    readFileSync(new URL('../opensearch/index-template.json', import.meta.url), 'utf8'),
  ) as PlainTemplate;
  const { event: asText, user_agent: agent, ...own } = plain.template.mappings.properties;
  return {
    index_patterns: plain.index_patterns,
    priority: plain.priority + 50,
    version: plain.version,
    template: {
      settings: { ...plain.template.settings, 'index.default_pipeline': ecsName },
      mappings: {
        dynamic: false,
        properties: ecsProperties({ ...own, 'event.original': asText!, 'user_agent.original': agent! }),
      },
    },
  };
}

interface PlainTemplate {
  readonly index_patterns: readonly string[];
  readonly priority: number;
  readonly version: number;
  readonly template: {
    readonly settings: object;
    readonly mappings: { readonly properties: Readonly<Record<string, object>> };
  };
}
