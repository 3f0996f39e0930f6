import { startAzureLogsIngestion } from '@mosaic-relay/siem-receivers';
import type { DeclaredDestination } from './declared-destinations.ts';
import type { ReceiverKind } from './receiver-kind.ts';

/** Azure's Logs Ingestion API and Microsoft Entra, set up as `docs/sentinel.md` says. */
export const azureLogs: ReceiverKind = {
  address: (destination) => {
    const { copier } = destination;
    if (copier?.environment.SINK !== 'azure-logs') return undefined;
    const { AZURE_LOGS_URL, ENTRA_URL, AZURE_LOGS_RULE_ID, AZURE_LOGS_STREAM, ENTRA_SECRET_ID } =
      copier.environment;
    return {
      origins: [String(AZURE_LOGS_URL), String(ENTRA_URL)],
      shared: JSON.stringify([AZURE_LOGS_RULE_ID, AZURE_LOGS_STREAM, ENTRA_SECRET_ID]),
    };
  },
  async start([destination], { clock, secrets }) {
    const secretArn = variable(destination!, 'ENTRA_SECRET_ID');
    const receiver = await startAzureLogsIngestion({
      clock,
      ages: destination!.told.ages,
      ruleId: variable(destination!, 'AZURE_LOGS_RULE_ID'),
      stream: variable(destination!, 'AZURE_LOGS_STREAM'),
      audience: variable(destination!, 'AZURE_LOGS_AUDIENCE'),
      application: {
        tenantId: secrets.member(secretArn, 'tenant_id'),
        clientId: secrets.member(secretArn, 'client_id'),
        clientSecret: secrets.member(secretArn, 'client_secret', (next, oldValidForMs) =>
          receiver.rotateSecret(next, oldValidForMs),
        ),
      },
    });
    const { faults } = receiver;
    return {
      receiver,
      troubles: [
        {
          name: 'role missing',
          begin() {
            faults.roleMissing = true;
            return () => {
              faults.roleMissing = false;
            };
          },
        },
      ],
    };
  },
};

function variable({ copier }: DeclaredDestination, name: string): string {
  return String(copier?.environment[name]);
}
