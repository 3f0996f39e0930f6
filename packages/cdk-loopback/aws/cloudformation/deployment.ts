/** A stack as it was deployed: every resource with its resolved properties. */
export interface Deployment {
  readonly stackName: string;
  readonly stackId: string;
  readonly accountId: string;
  readonly region: string;
  readonly status: StackStatus;
  /** In the order they were created. */
  readonly resources: ReadonlyMap<string, DeployedResource>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Resources that an update no longer wanted and could not remove, each with the reason. */
  readonly leftBehind: readonly string[];
  /** Resources that have left the template and exist for their policies' sake. */
  readonly kept: readonly DeployedResource[];
  /** Takes one of `kept` away, which a call has deleted. */
  forget(resource: DeployedResource): void;
  /** @throws when there is none */
  get(logicalId: string): DeployedResource;
  /** Finds every resource of a type, those of nested stacks included. */
  byType(type: string): readonly DeployedResource[];
}

/** What a stand-in of one deploy at a time can be found in. @see CloudFormation API reference, "Stack", `StackStatus` */
export type StackStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'ROLLBACK_IN_PROGRESS'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED';

export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The value of `Ref`. */
  readonly physicalId: string;
  readonly arn?: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The values of `Fn::GetAtt`, by attribute. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  /** Logical ids of what it depends on. */
  readonly dependsOn: readonly string[];
  /** A nested stack's own. */
  readonly nested?: Deployment;
}

export function createDeployment(
  stack: Pick<Deployment, 'stackName' | 'stackId' | 'accountId' | 'region' | 'outputs' | 'leftBehind'> &
    Partial<Pick<Deployment, 'kept' | 'status'>>,
  resources: ReadonlyMap<string, DeployedResource>,
): Deployment {
  const kept = [...(stack.kept ?? [])];
  return {
    ...stack,
    kept,
    forget: (resource) => void kept.splice(kept.indexOf(resource), 1),
    status: stack.status ?? 'CREATE_COMPLETE',
    resources,
    get: (logicalId) => {
      const resource = resources.get(logicalId);
      if (resource === undefined) throw new Error(`${stack.stackName} has no resource ${logicalId}`);
      return resource;
    },
    byType: (type) =>
      [...resources.values()].flatMap((resource) => [
        ...(resource.type === type ? [resource] : []),
        ...(resource.nested?.byType(type) ?? []),
      ]),
  };
}
