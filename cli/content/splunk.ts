import type { MadeContent, SiemMaker, WrittenDestination } from './made-content.ts';
import { mapFiles, shippedFolder, under, valuesOf } from './shipped-folder.ts';

/** An app with the index and the source types of the settings. */
export const splunk: SiemMaker = {
  siem: 'splunk',
  kind: 'splunk',
  detections: /^spl\/|\.yml$/,
  make: made,
};

const app = 'mosaic_siem_relay';
const ownSourceTypes = 'sourcetype=transmitsecurity:mosaic:*';

async function made(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent> {
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

function anyOf(field: string, values: readonly string[]): string {
  const each = values.map((value) => `${field}=${value}`);
  return each.length === 1 ? each[0]! : `(${each.join(' OR ')})`;
}
