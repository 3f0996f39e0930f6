import { resolveValue } from '../../assembly/intrinsics.ts';
import type { StackAssembly } from '../../assembly/read-assembly.ts';
import { templateScope } from './template-scope.ts';

/**
 * The values that a variable has in the environments of a stack's functions, each once, before anything is deployed.
 * For what has to be there first: custom resources read their secrets during the deployment.
 *
 * @throws where a value follows from a resource of the stack
 */
export function variableValues(stack: StackAssembly, variable: string): readonly string[] {
  const scope = templateScope({
    template: stack.template,
    stack: { ...stack, stackId: '' },
    parameters: {},
    resources: new Map(),
    readSecret: (id) => {
      throw new Error(`the secret ${id} is not there yet`);
    },
  });
  const values = Object.entries(stack.template.Resources).flatMap(([logicalId, { Type, Properties }]) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const { Variables } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    const value = Variables?.[variable];
    return value === undefined ? [] : [String(resolveValue(value, scope, `${logicalId}.${variable}`))];
  });
  return [...new Set(values)];
}
