import type { ActivityMapping } from './activity-mapping.ts';
import { adminActivities } from './admin-activities.ts';
import { cisActivities } from './cis-activities.ts';
import { otherRecommendation, type Recommendation, riskRecommendations } from './risk-activities.ts';
import { verifyActivities } from './verify-activities.ts';

export type MappedType = 'cis' | 'admin' | 'risk' | 'verify';

/** One row for each activity and, for `risk_recommendation`, for each recommendation. */
export interface MappingRow extends ActivityMapping {
  readonly type: MappedType;
  /** The spellings of the activity, the documented one first. */
  readonly spellings: readonly string[];
  /** The recommendation that the row is for. Absent: the activity alone decides. */
  readonly recommendation?: Recommendation;
}

/** The whole table, in the order of the types and of the entries. */
export const mappingRows: readonly MappingRow[] = [
  ...rowsOf('cis', cisActivities),
  ...rowsOf('admin', adminActivities),
  ...Object.entries(riskRecommendations).map(([recommendation, mapping]) => ({
    type: 'risk' as const,
    spellings: spellingsOf('risk_recommendation'),
    recommendation: recommendation as Recommendation,
    ...mapping,
  })),
  { type: 'risk', spellings: spellingsOf('risk_recommendation'), ...otherRecommendation },
  ...rowsOf('verify', verifyActivities),
];

/**
 * The mapping of an event, by its type, its activity in any spelling, and the recommendation of a risk event.
 *
 * @returns undefined where the table does not know the activity
 */
export function mappingOf(
  type: MappedType,
  activity: string,
  recommendation?: string,
): MappingRow | undefined {
  const rows = bySpelling.get(`${type} ${activity}`);
  return (
    rows?.find((row) => row.recommendation !== undefined && row.recommendation === recommendation) ??
    rows?.find((row) => row.recommendation === undefined)
  );
}

const bySpelling = new Map<string, MappingRow[]>();
for (const row of mappingRows) {
  for (const spelling of row.spellings) {
    const key = `${row.type} ${spelling}`;
    bySpelling.set(key, [...(bySpelling.get(key) ?? []), row]);
  }
}

/**
 * The spellings in which a documented name may come: as it is documented, in snake case, and in camel case. The portal
 * shows `adminLogin`; the contract's example on the wire is `admin_login`.
 */
export function spellingsOf(name: string): readonly [string, ...string[]] {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split('_')
    .map((word) => word.toLowerCase());
  const snake = words.join('_');
  const camel = words.map((word, index) => (index === 0 ? word : capitalised(word))).join('');
  return [name, ...[snake, camel].filter((spelling) => spelling !== name)];
}

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function rowsOf(type: MappedType, entries: Readonly<Record<string, ActivityMapping>>): MappingRow[] {
  return Object.entries(entries).map(([name, mapping]) => ({
    type,
    spellings: spellingsOf(name),
    ...mapping,
  }));
}
