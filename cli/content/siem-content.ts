import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shippedFile } from '../access/shipped-file.ts';
import { CommandError } from '../command.ts';

/** The SIEMs that content is shipped for, by the word that names them on the command line, and their destination's kind. */
export const siems = {
  splunk: 'splunk',
  sentinel: 'sentinel',
  elastic: 'elastic',
  opensearch: 'openSearch',
  datadog: 'datadog',
} as const;
export type Siem = keyof typeof siems;

/** A destination as the settings write it, with the stream that it is of. */
export interface WrittenDestination {
  readonly kind: string;
  readonly [setting: string]: unknown;
}

/** What is installed in a SIEM: each file's path and text, and the commands or steps that install it. */
export interface SiemContent {
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly string[];
}

/**
 * The shipped files of a SIEM with the names of a stage's destinations put in.
 *
 * @throws {CommandError} where the destinations need what one set of files cannot be
 */
export async function contentOf(
  siem: Siem,
  destinations: readonly WrittenDestination[],
  folder: string,
): Promise<SiemContent> {
  const { files, steps, rename = (text) => text } = await makers[siem](destinations, folder);
  const detections = await shippedFolder('content/detections', languages[siem]);
  const renamed = mapFiles(detections, (_, text) => rename(text));
  return { files: { ...files, ...under('detections', renamed) }, steps };
}

const languages: Readonly<Record<Siem, RegExp>> = {
  splunk: /^spl\/|\.yml$/,
  sentinel: /^kql\/|\.yml$/,
  elastic: /^esql\/|\.yml$/,
  opensearch: /\.yml$/,
  datadog: /\.yml$/,
};

type Maker = (destinations: readonly WrittenDestination[], folder: string) => Promise<MadeContent>;

interface MadeContent extends SiemContent {
  /** Puts the names of the destinations into a text, where the detections have such names. */
  rename?(text: string): string;
}

const makers: Readonly<Record<Siem, Maker>> = { splunk, sentinel, elastic, opensearch, datadog };

const app = 'mosaic_siem_relay';
const ownSourceTypes = 'sourcetype=transmitsecurity:mosaic:*';

async function splunk(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const files = await shippedFolder(`content/splunk/${app}`);
  const indexes = valuesOf(destinations, 'index');
  const others = valuesOf(destinations, 'sourcetype');
  const replaced = mapFiles(files, (path, text) => {
    const named =
      path === 'default/macros.conf' && indexes.length > 0
        ? text.replace('definition = index=mosaic', `definition = ${anyOf('index', indexes)}`)
        : text;
    const known = others.map((name) => ` OR sourcetype=${name}`).join('');
    const sought = named.replaceAll(`(${ownSourceTypes}`, `(${ownSourceTypes}${known}`);
    return path === 'default/props.conf'
      ? [sought.trimEnd(), ...others.map(stanzaOf(text))].join('\n\n')
      : sought;
  });
  const unnamed =
    indexes.length === 0
      ? [
          "The settings name no index: put the token's default index into the macro mosaic_index (default/macros.conf).",
        ]
      : [];
  return {
    files: under(app, replaced),
    steps: [
      ...unnamed,
      `tar czf ${app}.tgz -C ${folder} ${app}`,
      'Splunk: Apps → Manage apps → Install app from file, on search heads and on indexers.',
    ],
  };
}

/** A source type of the settings' own is read as the vendor's is; the envelope's field says the type of an event. */
function stanzaOf(props: string): (name: string) => string {
  const [, ofVendor = ''] = /\n\[transmit\]\n([\s\S]*)$/.exec(props) ?? [];
  const settings = ofVendor.trimEnd().replace(/^EVAL-mosaic_type = .*$/m, 'EVAL-mosaic_type = type');
  return (name) => `[${name}]\nKV_MODE = json\nTRUNCATE = 1000000\nSHOULD_LINEMERGE = false\n${settings}`;
}

async function sentinel(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const [table = 'Custom-MosaicEvents_CL', ...others] = valuesOf(destinations, 'table');
  if (others.length > 0) {
    throw new CommandError(
      `the stage writes to several tables, ${[table, ...others].join(', ')}: one table makes one set of functions`,
    );
  }
  const files = await shippedFolder('content/sentinel');
  const rename = (text: string) => text.replaceAll('MosaicEvents_CL', table.replace(/^Custom-/, ''));
  return {
    rename,
    files: mapFiles(files, (_, text) => rename(text)),
    steps: [
      `az deployment group create -g GROUP --template-file ${join(folder, 'main.bicep')} --parameters workspace=WORKSPACE`,
      'Sentinel: Analytics → read each rule, change its numbers, and enable it.',
    ],
  };
}

async function opensearch(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const template = JSON.parse(await readFile(shippedFile('content/opensearch/index-template.json'), 'utf8'));
  const indexes = valuesOf(destinations, 'index');
  const patterns = indexes.length === 0 ? template.index_patterns : indexes.map((index) => `${index}*`);
  return {
    files: {
      'index-template.json': `${JSON.stringify({ ...template, index_patterns: patterns }, null, 2)}\n`,
    },
    steps: [
      `curl --fail --aws-sigv4 "aws:amz:REGION:es" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" -H 'content-type: application/json' -X PUT "https://ENDPOINT/_index_template/mosaic-relay" --data @${join(folder, 'index-template.json')}`,
    ],
  };
}

async function elastic(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const dataStreams = valuesOf(destinations, 'dataStream');
  const files = await shippedFolder('content/elastic');
  const template = JSON.parse(files['index-template.json']!);
  const patterns = dataStreams.length === 0 ? template.index_patterns : dataStreams;
  const put = (path: string, file: string) =>
    `curl --fail -H "authorization: ApiKey $API_KEY" -H 'content-type: application/json' -X PUT "https://ENDPOINT/${path}/mosaic-relay" --data @${join(folder, file)}`;
  return {
    files: {
      ...files,
      'index-template.json': `${JSON.stringify({ ...template, index_patterns: patterns }, null, 2)}\n`,
    },
    steps: [
      put('_ingest/pipeline', 'ingest-pipeline.json'),
      put('_component_template', 'component-template.json'),
      put('_index_template', 'index-template.json'),
    ],
  };
}

async function datadog(_: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
  const post = (path: string, file: string) =>
    `curl --fail -H "DD-API-KEY: $API_KEY" -H "DD-APPLICATION-KEY: $APP_KEY" -H 'content-type: application/json' -X POST "https://api.SITE/api/v1/${path}" --data @${join(folder, file)}`;
  return {
    files: await shippedFolder('content/datadog'),
    steps: [
      post('logs/config/pipelines', 'pipeline.json'),
      post('dashboard', 'dashboard.json'),
      'Datadog: Logs → make facets of @_relay.type, @evt.name, @evt.outcome, @evt.category and @mosaic.recommendation; no call makes a facet.',
    ],
  };
}

/** The distinct texts that destinations give a setting, in their order. */
function valuesOf(destinations: readonly WrittenDestination[], setting: string): readonly string[] {
  const values = destinations.map((each) => each[setting]).filter((value) => typeof value === 'string');
  return [...new Set(values)];
}

function anyOf(field: string, values: readonly string[]): string {
  const each = values.map((value) => `${field}=${value}`);
  return each.length === 1 ? each[0]! : `(${each.join(' OR ')})`;
}

async function shippedFolder(path: string, only = /./): Promise<Readonly<Record<string, string>>> {
  const root = shippedFile(path);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((each) => only.test(each))
    .sort();
  return Object.fromEntries(
    await Promise.all(paths.map(async (each) => [each, await readFile(join(root, each), 'utf8')] as const)),
  );
}

function mapFiles(
  files: Readonly<Record<string, string>>,
  change: (path: string, text: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(path, text)]));
}

function under(folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}
