/**
 * A stand-in for the reader of CloudWatch's embedded metric format, written here.
 *
 * Strict: CloudWatch drops a faulty document in silence, this one says what is wrong with it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { z } from 'zod/mini';
import { type MetricIdentity, type Unit, units } from './metric-store.ts';

export interface EmfSample {
  readonly metric: MetricIdentity;
  readonly time: number;
  readonly value: number;
  readonly unit: Unit;
}

/**
 * The samples in one line of a log; none when the line is no EMF document.
 *
 * @param now milliseconds since the epoch, against which the document's time is held
 * @throws saying what of the format the document breaks
 */
export function readEmfLine(line: string, now: number): readonly EmfSample[] {
  const root = readObject(line);
  if (root === undefined || !Object.hasOwn(root, '_aws')) return [];
  const parsed = metadata.safeParse(root._aws);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${['_aws', ...path].join('.')}: ${message}`,
    );
    throw new Error(`a log line is no valid EMF: ${problems.join('; ')}`);
  }
  const { Timestamp: time, CloudWatchMetrics: directives } = parsed.data;
  if (time < now - 14 * dayMs || time > now + dayMs / 12)
    throw new Error(`EMF of ${new Date(time).toISOString()} is more than 14 days old or 2 hours ahead`);
  return directives.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, dimensionOf(root, name)]));
      return Metrics.flatMap(({ Name: name, Unit: unit = 'None' as const }) =>
        valuesOf(root, name).map((value) => ({ metric: { namespace, name, dimensions }, time, value, unit })),
      );
    }),
  );
}

const dayMs = 86_400_000;

const metadata = z.object({
  Timestamp: z.int(),
  CloudWatchMetrics: z.array(
    z.strictObject({
      Namespace: z.string().check(
        z.regex(/^[\w.\-/#:]{1,255}$/),
        z.refine((name) => !name.startsWith('AWS/')),
      ),
      Dimensions: z.array(z.array(z.string().check(z.minLength(1), z.maxLength(250))).check(z.maxLength(30))),
      Metrics: z
        .array(
          z.strictObject({
            Name: z.string().check(z.minLength(1), z.maxLength(1024)),
            Unit: z.optional(z.enum(units)),
            StorageResolution: z.optional(z.literal(60)),
          }),
        )
        .check(z.maxLength(100)),
    }),
  ),
});

function readObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function dimensionOf(root: Readonly<Record<string, unknown>>, name: string): string {
  const value = root[name];
  if (typeof value !== 'string' || value.length < 1 || value.length > 1024)
    throw new Error(`EMF: dimension ${name} has no text of 1 to 1024 characters`);
  return value;
}

function valuesOf(root: Readonly<Record<string, unknown>>, name: string): readonly number[] {
  const target = root[name];
  const values: readonly unknown[] = Array.isArray(target) ? target : [target];
  if (values.length > 100)
    throw new Error(`EMF: metric ${name} has ${values.length} values; 100 are allowed`);
  for (const value of values) {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new Error(`EMF: metric ${name} has no number, or one that is no number`);
  }
  return values as readonly number[];
}
