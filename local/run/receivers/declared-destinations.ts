import type { Template } from '@mosaic-relay/cdk-loopback';
import type { CollectorDestination } from '../../../functions/collector/contract.ts';
import { toldSettings } from '../told-settings.ts';

/** A destination as the template declares it, before it is created. */
export interface DeclaredDestination {
  /** The stream's name in the relay. */
  readonly stream: string;
  /** The collector's settings for it; the delivery stream is named by its logical id. */
  readonly told: CollectorDestination;
  /** `SplunkDestinationConfiguration`, `ExtendedS3DestinationConfiguration`, … */
  readonly property: string;
  /** The members of that property in the template. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Set where an object copier takes the objects on from S3. */
  readonly copier?: DeclaredCopier;
}

export interface DeclaredCopier {
  readonly environment: Readonly<Record<string, unknown>>;
  /** The beginning of the role's name, which the receiver's trust names; the deploy makes the end. */
  readonly rolePrefix: string;
}

/** Every destination of every collector in the template, in its order. */
export function declaredDestinations(template: Template): readonly DeclaredDestination[] {
  const copiers = copiersOf(template);
  return variablesOf(template).flatMap(({ variables }) => {
    const settings = toldSettings(variables);
    return (settings?.destinations ?? []).map((told) => {
      const { Properties = {} } = template.Resources[told.deliveryStream] ?? {};
      const [property, properties] =
        Object.entries(Properties).find(([name]) => name.endsWith('DestinationConfiguration')) ?? [];
      if (property === undefined)
        throw new Error(`${told.deliveryStream} is no delivery stream with a destination`);
      return {
        stream: settings!.name,
        told,
        property,
        properties: properties as DeclaredDestination['properties'],
        copier: copiers.get(`${settings!.name}/${told.name}`),
      };
    });
  });
}

function variablesOf(template: Template) {
  return Object.values(template.Resources).flatMap(({ Type, Properties }) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const { Variables = {} } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    return [{ variables: Variables, role: Properties?.Role }];
  });
}

function copiersOf(template: Template): ReadonlyMap<string, DeclaredCopier> {
  const copiers = variablesOf(template).flatMap(({ variables, role }) => {
    const { STREAM_NAME: stream, DESTINATION: destination, SINK } = variables;
    if (SINK === undefined) return [];
    const [roleId] = (role as { readonly 'Fn::GetAtt': readonly string[] })['Fn::GetAtt'];
    const rolePrefix = beginningOf(template.Resources[String(roleId)]?.Properties?.RoleName);
    return [[`${stream}/${destination}`, { environment: variables, rolePrefix }] as const];
  });
  return new Map(copiers);
}

/** @throws where the name does not begin with a text, which a trust could name */
function beginningOf(name: unknown): string {
  const [, [beginning] = []] =
    (name as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] })['Fn::Join'] ?? [];
  if (typeof beginning !== 'string')
    throw new Error(`the role ${JSON.stringify(name)} begins with nothing that is known`);
  return beginning;
}
