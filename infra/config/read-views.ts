import {
  changesMembers,
  compileView,
  type MemberAction,
  pathOf,
} from '../../functions/stored/compiled-view.ts';
import { shown } from './fields.ts';
import { type CheckedPart, type Fields, readFields } from './problems.ts';
import { type View, viewFields } from './view-settings.ts';

/** Reads a stage's views, and checks each by itself. Those that were refused are left out. */
export function readViews(written: unknown, { path, problems }: CheckedPart): Readonly<Record<string, View>> {
  if (written === undefined) return {};
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    problems.add(path, `${shown(written)} is not an object; give { analytics: { … } }`);
    return {};
  }
  const views = Object.entries(written).flatMap(([name, raw]) => {
    const at = { path: `${path}.${name}`, problems };
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
      problems.add(at.path, 'the name will not do; give lower-case letters, digits and -, up to 32');
    const before = problems.lines.length;
    const fields = readFields(viewFields, raw, at);
    if (problems.lines.length > before) return [];
    ruleProblems(fields, at);
    return [[name, viewOf(name, fields)] as const];
  });
  return Object.fromEntries(views);
}

type ViewRead = Fields<typeof viewFields>;

function viewOf(name: string, fields: ViewRead): View {
  const { activities, members, otherMembers, key, secretKey, allowLoss = false } = fields;
  const { keep, drop } = activities ?? {};
  const rules = keep === undefined ? drop && { drop } : { keep };
  return {
    name,
    compiled: compileView({ activities: rules, members, otherMembers, key }),
    key,
    secretKey,
    allowLoss,
  };
}

function ruleProblems(fields: ViewRead, { path, problems }: CheckedPart): void {
  const { activities, members = {}, otherMembers, key, secretKey } = fields;
  const rules = Object.entries(members).map(([written, action]) => ({
    written,
    action,
    steps: pathOf(written),
  }));
  if (activities === undefined && rules.length === 0 && otherMembers !== 'remove') {
    problems.add(path, 'is empty; give activities, members or otherMembers, or take the view out');
    return;
  }
  rules.forEach((rule, index) => {
    const same = rules.slice(0, index).find(({ steps }) => steps.join('.') === rule.steps.join('.'));
    if (same !== undefined)
      problems.add(
        `${path}.members.${rule.written}`,
        `is '${same.written}' in its other spelling; give one of the two`,
      );
    const above = rules.find((other) => other.action !== 'keep' && isBelow(rule, other, rules));
    if (above !== undefined)
      problems.add(
        `${path}.members.${rule.written}`,
        `lies below '${above.written}', of which nothing is left to it ('${above.action}'); take one of the two out`,
      );
    if (rule.action === 'keep' && otherMembers !== 'remove' && !isException(rule, rules))
      problems.add(
        `${path}.members.${rule.written}`,
        "'keep' has no meaning while otherMembers keeps all; take it out, or give otherMembers: 'remove'",
      );
  });
  const changes = changesMembers(compileView({ members, otherMembers }));
  if (changes && key === undefined)
    problems.add(
      `${path}.key`,
      'is missing: the view changes members, and an id that is not keyed gives a masked value back; give the ARN of a secret {"id": "p1", "key": "<32 bytes or more, base64>"}',
    );
  if (!changes && key !== undefined)
    problems.add(`${path}.key`, 'has no meaning in a view that changes no member; take it out');
  if (secretKey !== undefined && key === undefined)
    problems.add(`${path}.secretKey`, 'has no meaning without key; take it out');
}

interface Rule {
  readonly written: string;
  readonly action: MemberAction;
  readonly steps: readonly string[];
}

/** True where a rule can never meet, since another one takes the whole value above it. */
function isBelow({ steps }: Rule, other: Rule, rules: readonly Rule[]): boolean {
  if (steps.length <= other.steps.length || !covers(other.steps, steps)) return false;
  const above = steps.slice(0, other.steps.length);
  // A rule that names the place itself goes before one that has `*` there.
  const exact = rules.find((rule) => rule.steps.join('.') === above.join('.'));
  return exact === undefined || exact === other;
}

/** True for a `keep` that a rule with `*` would take otherwise. */
function isException(rule: Rule, rules: readonly Rule[]): boolean {
  return rules.some(
    (other) => other !== rule && other.steps.length === rule.steps.length && covers(other.steps, rule.steps),
  );
}

/** True where every place that `steps` leads to begins with one that `pattern` leads to. */
function covers(pattern: readonly string[], steps: readonly string[]): boolean {
  return pattern.every((step, index) => step === '*' || step === steps[index]);
}
