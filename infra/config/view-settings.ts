import { z } from 'zod';
import { type CompiledView, type MemberAction, memberActions } from '../../functions/stored/compiled-view.ts';
import { secretField, secretKeyField } from '../destinations/delivery-secret.ts';
import type { DocumentedActivity, DocumentedMember } from './documented-names.ts';
import { flag, meant, oneOf, shown, text } from './fields.ts';

/** What a destination may see of an event. A destination names it by `view`. @see docs/views.md */
export interface ViewSettings {
  /** Either the activities that are left out (`drop`) or those that alone are seen (`keep`); `*` stands at the end of a name for any rest. Default: all are seen. */
  readonly activities?: ViewActivities;
  /**
   * What becomes of members, by path: `keep`, `remove`, `mask` (the value becomes `"***"`), `pseudonym`, `network` (IPv4
   * /24, IPv6 /48). A `*` in a path stands for any member, or any element of an array. Up to 100. Default: none is named.
   */
  readonly members?: ViewMembers;
  /** What becomes of members that no path names. `remove` makes `members` the list of what is seen. Default `keep`. */
  readonly otherMembers?: 'keep' | 'remove';
  /**
   * Complete ARN of the secret `{"id": "p1", "key": "<32 bytes or more, base64>"}`, in the stage's region. A view that
   * changes or removes members needs it, since an event's id would give masked values back. Default: none.
   */
  readonly key?: string;
  /** ARN of the customer-managed key that the secret of `key` is encrypted with. Default: the account's own `aws/secretsmanager`. */
  readonly secretKey?: string;
  /** Let a view change a member that a destination needs, such as `timestamp` or `activity` at Splunk. Default false. */
  readonly allowLoss?: boolean;
}

export interface ViewActivities {
  readonly keep?: readonly ViewActivity[];
  readonly drop?: readonly ViewActivity[];
}

/** Any text; the documented ones are there for completion. */
export type ViewActivity = DocumentedActivity | (string & {});

export type ViewMembers = {
  readonly [Path in DocumentedMember]?: MemberAction;
} & Readonly<Record<string, MemberAction>>;

/** A view as the stack reads it. */
export interface View {
  readonly name: string;
  readonly compiled: CompiledView;
  readonly key?: string;
  readonly secretKey?: string;
  readonly allowLoss: boolean;
}

const activityNames = z
  .array(text(/^[^*]*\*?$/, "an activity's name, with * at its end alone"), {
    error: ({ input }) => `${shown(input)} is not a list; give a list of activities`,
  })
  .min(1, { error: () => 'is empty; name an activity, or take it out' })
  .max(100, { error: ({ input }) => `${(input as unknown[]).length} activities are above 100; use *` });

const memberPath = text(
  /^([^.*]+|\*)(\.([^.*]+|\*)){0,7}$/,
  'up to 8 keys with dots between them, each a name or * alone',
);

export const viewFields = {
  activities: z
    .looseObject(
      { keep: activityNames.optional(), drop: activityNames.optional() },
      { error: ({ input }) => `${shown(input)} will not do; give { drop: [...] } or { keep: [...] }` },
    )
    .superRefine(({ keep, drop, ...others }, context) => {
      for (const name of Object.keys(others)) {
        const right = meant(name, ['keep', 'drop']) ?? 'the settings are keep, drop';
        context.addIssue({ code: 'custom', path: [name], message: `is not a setting here; ${right}` });
      }
      if (Object.keys(others).length > 0) return;
      if (keep !== undefined && drop !== undefined)
        context.addIssue('has both keep and drop; give one of the two');
      if (keep === undefined && drop === undefined)
        context.addIssue('is empty; give keep or drop, or take it out');
    })
    .optional() as z.ZodType<ViewActivities | undefined, ViewActivities | undefined>,
  members: z
    .record(z.string(), oneOf(memberActions), {
      error: ({ input }) => `${shown(input)} is not an object; give { user_id: 'pseudonym' }`,
    })
    .superRefine((members, context) => {
      const paths = Object.keys(members);
      if (paths.length > 100) context.addIssue(`${paths.length} paths are above 100; use *, or otherMembers`);
      for (const path of paths) {
        const message = memberPath.safeParse(path).error?.issues[0]?.message;
        if (message !== undefined) context.addIssue({ code: 'custom', path: [path], message });
      }
    })
    .optional() as z.ZodType<ViewMembers | undefined, ViewMembers | undefined>,
  otherMembers: oneOf(['keep', 'remove']).default('keep'),
  key: secretField.optional(),
  secretKey: secretKeyField,
  allowLoss: flag().default(false),
} satisfies Record<keyof ViewSettings, z.ZodType>;
