import { type MappedType, mappingOf } from '../mapping/mapping-of.ts';

/** Queries that no compiler of Sigma writes, by the name of the detection and the language. */
export const queriesByHand: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  silence: {
    spl: `sourcetype="transmitsecurity:mosaic:cis" activity IN (${spellings('cis', 'user_login')}) earliest=-1h@h latest=@h
| stats count
| where count=0`,
    esql: `from * | where _relay.type == "cis" and activity in (${spellings('cis', 'user_login')}) and @timestamp > now() - 1 hour
| stats events = count()
| where events == 0`,
    sql: `WITH RECURSIVE hours(begins) AS (
  SELECT strftime('%Y-%m-%dT%H:00:00.000Z', MIN(timestamp)) FROM mosaic_events
  UNION ALL
  SELECT strftime('%Y-%m-%dT%H:00:00.000Z', begins, '+1 hour') FROM hours
  WHERE strftime('%Y-%m-%dT%H:00:00.000Z', begins, '+2 hours') <= (SELECT MAX(timestamp) FROM mosaic_events)
)
SELECT begins FROM hours
WHERE CAST(strftime('%H', begins) AS INTEGER) BETWEEN 9 AND 16
AND NOT EXISTS (
  SELECT 1 FROM mosaic_events
  WHERE type = 'cis' AND activity IN (${spellings('cis', 'user_login').replaceAll('"', "'")})
  AND timestamp >= begins AND timestamp < strftime('%Y-%m-%dT%H:00:00.000Z', begins, '+1 hour')
)`,
  },
  takeover: {
    spl: `sourcetype="transmitsecurity:mosaic:cis" activity IN (${spellings('cis', 'reset_password', ...authenticators())})
| sort 0 user_id _time
| eval reset=if(in(activity, ${spellings('cis', 'reset_password')}), _time, null())
| streamstats last(reset) as reset by user_id
| where in(activity, ${spellings('cis', ...authenticators())}) AND _time-reset<=900`,
  },
};

function authenticators(): readonly string[] {
  return ['webauthn_registration', 'passwordless_registration', 'user_register_mobile_native_biometrics'];
}

/** Every spelling of activities, quoted, with commas between. */
export function spellings(type: MappedType, ...activities: readonly string[]): string {
  return activities
    .flatMap((activity) => mappingOf(type, activity)?.spellings ?? [])
    .map((spelling) => `"${spelling}"`)
    .join(', ');
}
