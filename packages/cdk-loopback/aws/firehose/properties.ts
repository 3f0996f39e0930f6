import { z } from 'zod/mini';

/** Parses CloudFormation properties, refusing those that are not known here. @throws one line naming each problem */
export function parseProperties<T extends z.core.$ZodType>(
  where: string,
  schema: T,
  properties: unknown,
): z.infer<T> {
  const parsed = z.safeParse(schema, properties);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${[where, ...issue.path].join('.')}: ${wording(issue)}`,
  );
  throw new Error(`The local Firehose refuses ${problems.join('; ')}`);
}

function wording(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? `does not know ${issue.keys.join(', ')}` : issue.message;
}

/** A number, which a template may also write as a string. */
export function integer(minimum: number, maximum: number) {
  return z.pipe(
    z.union([z.number(), z.pipe(z.string().check(z.regex(/^\d+$/)), z.transform(Number))]),
    z.int().check(z.minimum(minimum), z.maximum(maximum)),
  );
}

/** A boolean, which a template may also write as a string. */
export const flag = z.union([
  z.boolean(),
  z.pipe(
    z.enum(['true', 'false']),
    z.transform((text) => text === 'true'),
  ),
]);

/** Ranges differ from one destination to the next. */
export function bufferingHints(size: number, interval: readonly [minimum: number, maximum: number]) {
  return z.optional(
    z.strictObject({ SizeInMBs: integer(1, size), IntervalInSeconds: integer(interval[0], interval[1]) }),
  );
}

export const loggingOptions = z.optional(
  z.strictObject({
    Enabled: z.optional(flag),
    LogGroupName: z.optional(z.string()),
    LogStreamName: z.optional(z.string()),
  }),
);

/** Processing is not done here: it may be there, and must be off. */
export const noProcessing = z.optional(
  z.strictObject({ Enabled: z.optional(z.literal(false)), Processors: z.optional(z.array(z.never())) }),
);

export const roleArn = z.string().check(z.regex(/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/));

/** `SizeInMBs` and `IntervalInSeconds` as the delivery stream counts them. */
export function bufferingOf(
  hints: { readonly SizeInMBs: number; readonly IntervalInSeconds: number } | undefined,
  fallback: { readonly mib: number; readonly seconds: number },
): { readonly sizeBytes: number; readonly intervalMs: number } {
  return {
    sizeBytes: (hints?.SizeInMBs ?? fallback.mib) * 1024 * 1024,
    intervalMs: (hints?.IntervalInSeconds ?? fallback.seconds) * 1000,
  };
}
