import { startGcs } from '@mosaic-relay/siem-receivers';
import type { DeclaredDestination } from './declared-destinations.ts';
import type { ReceiverKind } from './receiver-kind.ts';

/** Google Cloud Storage and its token exchange, set up as `docs/gcs.md` says: the condition names how copiers' roles begin. */
export const gcs: ReceiverKind = {
  address: ({ copier }) => {
    if (copier?.environment.SINK !== 'gcs') return undefined;
    const { GCS_URL, GOOGLE_STS_URL } = copier.environment;
    return { origins: [String(GCS_URL), String(GOOGLE_STS_URL)], shared: '' };
  },
  async start(destinations, { clock, accountId, identify }) {
    const buckets = [...new Set(destinations.map((one) => variable(one, 'GCS_BUCKET')))];
    const audiences = [...new Set(destinations.map((one) => variable(one, 'GOOGLE_AUDIENCE')))];
    const mayWrite = (roleName: string, bucket?: string, audience?: string): boolean =>
      destinations.some(
        (one) =>
          one.copier !== undefined &&
          roleName.startsWith(one.copier.rolePrefix) &&
          (bucket === undefined || variable(one, 'GCS_BUCKET') === bucket) &&
          (audience === undefined || variable(one, 'GOOGLE_AUDIENCE') === audience),
      );
    const receiver = await startGcs({
      clock,
      buckets,
      providers: audiences.map((audience) => ({
        audience,
        accountId,
        condition: ({ roleName }) => mayWrite(roleName, undefined, audience),
      })),
      identify,
      grantedTo: ({ roleName }, bucket) => mayWrite(roleName, bucket),
    });
    const { faults } = receiver;
    return {
      receiver,
      *objects() {
        for (const bucket of buckets) {
          for (const { name, bytes } of receiver.objectsOf(bucket).values())
            yield { bucket, key: name, body: bytes };
        }
      },
      troubles: [
        {
          name: 'permission before precondition',
          begin() {
            faults.permissionBeforePrecondition = true;
            // Lost answers make the copier repeat uploads, which the run then checks.
            faults.dropAnswers += 2;
            return () => {
              faults.permissionBeforePrecondition = false;
            };
          },
        },
        {
          name: 'bucket missing',
          begin() {
            faults.bucketMissing = true;
            return () => {
              faults.bucketMissing = false;
            };
          },
        },
        {
          name: 'permission missing',
          begin() {
            const { permissions } = faults;
            faults.permissions = [];
            return () => {
              faults.permissions = permissions;
            };
          },
        },
        {
          name: 'revoked tokens',
          begin() {
            receiver.revokeTokens();
            return () => undefined;
          },
        },
      ],
    };
  },
};

function variable({ copier }: DeclaredDestination, name: string): string {
  return String(copier?.environment[name]);
}
