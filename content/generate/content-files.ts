import { readFileSync } from 'node:fs';
import { armTemplate, bicepTemplate } from './azure-template.ts';
import { datadogDashboard, datadogPipeline } from './datadog.ts';
import { detections } from './detections.ts';
import { queriesByHand } from './detections-by-hand.ts';
import { detectionKql } from './detections-kql.ts';
import { ecsPipeline } from './ecs-pipeline.ts';
import { elasticComponentTemplate, elasticIndexTemplate } from './elastic.ts';
import { openSearchEcsTemplate } from './opensearch.ts';
import { asimParsers } from './sentinel-parsers.ts';
import { sentinelTemplate } from './sentinel-template.ts';
import { sigmaRule } from './sigma.ts';
import { splunkApp, splunkAppId } from './splunk-app.ts';

/** Each generated file by its path below `content/`, and its text. */
export function contentFiles(): ReadonlyMap<string, string> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return new Map([
    ...[...splunkApp(version)].map(([path, text]) => [`splunk/${splunkAppId}/${path}`, text] as const),
    ['elastic/component-template.json', written(elasticComponentTemplate())],
    ['elastic/index-template.json', written(elasticIndexTemplate())],
    ['elastic/ingest-pipeline.json', written(ecsPipeline('elastic'))],
    ['opensearch/ecs-index-template.json', written(openSearchEcsTemplate())],
    ['opensearch/ingest-pipeline.json', written(ecsPipeline('opensearch'))],
    ['datadog/pipeline.json', written(datadogPipeline())],
    ['datadog/dashboard.json', written(datadogDashboard())],
    ['sentinel/azuredeploy.json', armTemplate(sentinelTemplate)],
    ['sentinel/main.bicep', bicepTemplate(sentinelTemplate)],
    ...detections.map((detection) => [`detections/${detection.name}.yml`, sigmaRule(detection)] as const),
    ...detections.map(
      (detection) => [`detections/kql/${detection.name}.kql`, detectionKql(detection)] as const,
    ),
    ...Object.entries(queriesByHand).flatMap(([name, queries]) =>
      Object.entries(queries).map(
        ([language, query]) => [`detections/${language}/${name}.${language}`, `${query}\n`] as const,
      ),
    ),
    ...asimParsers().map(({ name, query }) => [`sentinel/parsers/${name}.kql`, query] as const),
  ]);
}

function written(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
