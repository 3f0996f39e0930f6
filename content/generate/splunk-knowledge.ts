import { eventClasses } from '../mapping/classes.ts';
import { type MappedType, type MappingRow, mappingRows } from '../mapping/mapping-of.ts';
import { recommendationMember, riskRecommendations } from '../mapping/risk-activities.ts';
import { generatedNote, stanza } from './splunk-conf.ts';

const lookup = 'mosaic_activities';

/** What stands for the recommendation in rows of every other activity, since a lookup matches no empty value. */
const noRecommendation = '-';

/** The lookup: a row for each spelling of each activity, with CIM's fields of the event. */
export function activitiesCsv(): string {
  const columns = [
    'mosaic_type',
    'activity',
    'mosaic_recommendation',
    'mosaic_class',
    'mosaic_does',
    'signature',
    'outcome',
    'action',
    'status',
    'change_type',
    'severity',
  ];
  const rows = mappingRows.flatMap((row) =>
    row.spellings.map((spelling) =>
      [
        row.type,
        spelling,
        row.recommendation ?? noRecommendation,
        row.class,
        row.does,
        row.says,
        row.outcome,
        actionOf(row),
        row.outcome === 'unknown' ? '' : row.outcome,
        row.class === 'accountChange' || row.class === 'userAccess' ? 'AAA' : '',
        row.severity,
      ].join(','),
    ),
  );
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}

/** CIM's `action`: how a sign-in ended, what a change did. */
function actionOf({ class: className, does, outcome }: MappingRow): string {
  if (className === 'authentication') return does === 'logon' && outcome !== 'unknown' ? outcome : '';
  const activity = (eventClasses[className].does as Readonly<Record<string, { readonly cim?: string }>>)[
    does
  ];
  return activity?.cim === 'alert' ? '' : (activity?.cim ?? '');
}

export function transformsConf(): string {
  return [
    generatedNote,
    stanza(lookup, {
      filename: `${lookup}.csv`,
      case_sensitive_match: 'true',
      max_matches: '1',
    }),
  ].join('\n\n');
}

const types: readonly MappedType[] = ['cis', 'admin', 'risk', 'verify'];

/** Search-time fields of the four source types, and of the one that the vendor's own add-on writes. */
export function propsConf(): string {
  return [
    generatedNote,
    ...types.map((type) =>
      stanza(`transmitsecurity:mosaic:${type}`, {
        ...howToRead,
        'EVAL-mosaic_type': `"${type}"`,
        ...fieldsOf(type),
      }),
    ),
    '# The source type of the add-on of the vendor, whose events do not say their type.',
    stanza('transmit', { 'EVAL-mosaic_type': guessedType(), ...fieldsOf('any') }),
  ].join('\n\n');
}

/** The envelope says where an event ends and when it happened. */
const howToRead = {
  KV_MODE: 'json',
  TRUNCATE: '1000000',
  SHOULD_LINEMERGE: 'false',
  category: 'Application',
  pulldown_type: 'true',
};

function fieldsOf(type: MappedType | 'any'): Readonly<Record<string, string>> {
  const recommendation = type === 'risk' || type === 'any' ? knownRecommendation() : `"${noRecommendation}"`;
  return {
    'EVAL-mosaic_recommendation': recommendation,
    'EVAL-vendor_product': '"Transmit Security Mosaic"',
    'EVAL-src': 'ip',
    'EVAL-src_ip': 'ip',
    'EVAL-http_user_agent': 'user_agent',
    'EVAL-app': 'coalesce(app_id,if(target_resource_type="app",target_resource_id,null()),"mosaic")',
    'EVAL-dest': 'coalesce(tenant_id,app_id,"mosaic")',
    'EVAL-user': userOf(type),
    ...(type === 'admin' || type === 'any' ? administrator : {}),
    ...(type === 'verify' || type === 'any' ? { 'EVAL-mosaic_result': parameter('result') } : {}),
    ...(type === 'cis' || type === 'any' ? { 'EVAL-reason': parameter('failureType') } : {}),
    ...(type === 'risk' || type === 'any'
      ? {
          'EVAL-risk_score': `tonumber(${parameter('riskScore')})`,
          'EVAL-src_country': parameter('ipCountry'),
          'EVAL-src_dvc_id': `coalesce(${parameter('deviceId')},device_id)`,
        }
      : {}),
    [`LOOKUP-${lookup}`]: `${lookup} mosaic_type activity mosaic_recommendation OUTPUT mosaic_class mosaic_does signature outcome action status change_type severity`,
  };
}

/** A recommendation that the lookup has a row for, or what stands for none. */
function knownRecommendation(): string {
  const recommended = parameter(recommendationMember);
  const known = Object.keys(riskRecommendations).map((name) => `"${name}"`);
  return `if(in(${recommended},${known.join(',')}),${recommended},"${noRecommendation}")`;
}

const administrator = {
  'EVAL-src_user': 'actor_id',
  'EVAL-object_id': 'target_resource_id',
  'EVAL-object': 'target_resource_id',
  'EVAL-object_category': 'target_resource_type',
};

/** Who signed in, or whose account was changed: for an administrator's own sign-in the administrator. */
function userOf(type: MappedType | 'any'): string {
  const ofUsers = `coalesce(${parameter('username')},user_id)`;
  const ofAdmins = 'if(target_resource_type="user",target_resource_id,actor_id)';
  if (type === 'admin') return ofAdmins;
  if (type === 'any') return `if(isnotnull(actor_id),${ofAdmins},${ofUsers})`;
  return ofUsers;
}

/** An additional parameter, in whichever of the two spellings it came. */
function parameter(name: string): string {
  return `coalesce('additionalParams.${name}','additional_params.${name}')`;
}

/** By what only one type has: no two other types share an activity. */
function guessedType(): string {
  const verify = mappingRows
    .filter(({ type }) => type === 'verify')
    .flatMap(({ spellings }) => spellings)
    .map((spelling) => `"${spelling}"`);
  return `case(isnotnull(actor_id),"admin",activity="risk_recommendation","risk",in(activity,${verify.join(',')}),"verify",true(),"cis")`;
}

const ours = '(sourcetype=transmitsecurity:mosaic:* OR sourcetype=transmit)';

/** One event type for each class that has a data model; a step of a journey has none. */
export function eventTypesConf(): string {
  return [
    generatedNote,
    ...classesWithModels().map(([name]) =>
      stanza(eventTypeOf(name), { search: `${ours} mosaic_class=${name}` }),
    ),
  ].join('\n\n');
}

export function tagsConf(): string {
  return [
    generatedNote,
    ...classesWithModels().map(([name, tags]) =>
      stanza(`eventtype=${eventTypeOf(name)}`, Object.fromEntries(tags.map((tag) => [tag, 'enabled']))),
    ),
  ].join('\n\n');
}

function classesWithModels(): [string, readonly string[]][] {
  return Object.entries(eventClasses).flatMap(([name, ofClass]) =>
    'cim' in ofClass ? [[name, ofClass.cim.tags] as [string, readonly string[]]] : [],
  );
}

function eventTypeOf(className: string): string {
  return `mosaic_${className.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}

/** The searches' own words for where the events are, for an administrator to change in one place. */
export function macrosConf(): string {
  return [
    generatedNote,
    stanza('mosaic_index', { definition: 'index=mosaic', iseval: '0' }),
    '# Delivery is at least once: an event that came twice counts once.',
    stanza('mosaic_events', {
      definition: `\`mosaic_index\` ${ours} | dedup event_id keepempty=true`,
      iseval: '0',
    }),
  ].join('\n\n');
}
