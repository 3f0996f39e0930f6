import * as z from 'zod/mini';
import { type LogsAccess, logPages, logsFailure } from '../../log-events.ts';
import type { DeliveryLogs } from '../ports.ts';

/**
 * Asks CloudWatch Logs for the errors that Firehose has logged. The codes of writes to S3 begin with `S3.`, and are those
 * of a backup, too.
 *
 * @see Firehose developer guide, "Monitor Amazon Data Firehose Using CloudWatch Logs"
 */
export function createDeliveryLogs(access: LogsAccess): DeliveryLogs {
  return {
    async firstFailure(logGroup, since) {
      const question = { logGroupName: logGroup, startTime: since, filterPattern: failedWrites };
      let pages = 0;
      for await (const events of logPages(question, access)) {
        const [first] = events ?? [];
        if (first !== undefined) return { at: first.timestamp, code: codeOf(first.message) };
        pages += 1;
        if (pages === mostPages) throw logsFailure('TooManyPages', `${logGroup} is too large to be searched`);
      }
      return undefined;
    },
  };
}

/** @see CloudWatch Logs user guide, "Filter pattern syntax" */
const failedWrites = '{ $.errorCode = "S3.*" }';

/** A page may be empty and not the last. */
const mostPages = 100;

function codeOf(message: string): string {
  const read = z.safeParse(z.object({ errorCode: z.string() }), jsonIn(message));
  return read.success ? read.data.errorCode : 'S3';
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
