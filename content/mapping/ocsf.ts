import type { CompiledShape, Constants, ShapedKind } from '../../functions/stored/compiled-shape.ts';
import type { ActivityMapping, Outcome, Severity } from './activity-mapping.ts';
import { type ClassActivity, type EventClass, type EventClassName, eventClasses } from './classes.ts';
import { type MappedType, type MappingRow, mappingRows } from './mapping-of.ts';
import { type OcsfShape, ocsfMembers, ocsfVersions, unknownMembers } from './ocsf-classes.ts';
import { recommendationMember } from './risk-activities.ts';

/** Makes of the table what a collector needs to write the lines of one type of event. */
export function compileShape(
  name: OcsfShape,
  type: MappedType,
  { rawData }: { readonly rawData: boolean },
): CompiledShape {
  const rows = mappingRows.filter((row) => row.type === type);
  const kinds = rows.map((row) => kindOf(name, row));
  const classNames = [...new Set(rows.map((row) => classOf(name, row)))].sort();
  return {
    version: 1,
    name,
    rawData,
    kinds,
    unknown: {
      class: 'unknown',
      members: constantsOf(name, {
        says: 'Unknown activity',
        ...{ class: 'step', does: 'other', outcome: 'unknown', severity: 'informational' },
      }),
    },
    classes: {
      ...Object.fromEntries(classNames.map((each) => [each, ocsfMembers(name, each, type)])),
      unknown: unknownMembers(name, type),
    },
  };
}

export const ocsfShapes = Object.keys(ocsfVersions) as readonly OcsfShape[];
export type { OcsfShape } from './ocsf-classes.ts';

function kindOf(shape: OcsfShape, row: MappingRow): ShapedKind {
  const { recommendation } = row;
  return {
    activities: row.spellings,
    ...(recommendation && {
      when: { member: `additionalParams.${recommendationMember}`, is: recommendation },
    }),
    class: classOf(shape, row),
    members: constantsOf(shape, row),
  };
}

/** OCSF 1.1 has no place for actor and address in Entity Management: an API activity stands for it there. */
function classOf(shape: OcsfShape, { class: name }: Pick<ActivityMapping, 'class'>): EventClassName {
  return shape === 'ocsf-1.1' && name === 'entityManagement' ? 'apiActivity' : name;
}

function constantsOf(shape: OcsfShape, mapping: ActivityMapping): Constants {
  const name = classOf(shape, mapping);
  const { ocsf: of }: EventClass = eventClasses[name];
  const does: ClassActivity = (eventClasses[name] as EventClass).does[mapping.does]!;
  const activity = shape === 'ocsf-1.1' && does.since !== undefined ? otherActivity : does.ocsf;
  return {
    class_uid: of.uid,
    class_name: of.name,
    category_uid: of.category,
    activity_id: activity,
    activity_name: does.name,
    type_uid: of.uid * 100 + activity,
    ...severities[mapping.severity],
    ...(name === 'detectionFinding' ? newFinding : outcomes[mapping.outcome]),
    message: mapping.says,
    ...(name === 'userAccess' ? { privileges: ['administrator'] } : {}),
  };
}

const otherActivity = 99;

/** The status of a finding says how far somebody has dealt with it. */
const newFinding = { status_id: 1, status: 'New' };

const outcomes: Readonly<Record<Outcome, Constants>> = {
  unknown: { status_id: 0, status: 'Unknown' },
  success: { status_id: 1, status: 'Success' },
  failure: { status_id: 2, status: 'Failure' },
};

const severities: Readonly<Record<Severity, Constants>> = {
  informational: { severity_id: 1, severity: 'Informational' },
  low: { severity_id: 2, severity: 'Low' },
  medium: { severity_id: 3, severity: 'Medium' },
  high: { severity_id: 4, severity: 'High' },
};
