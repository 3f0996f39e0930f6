import { resolveValue } from '../../assembly/intrinsics.ts';
import type { StackAssembly } from '../../assembly/read-assembly.ts';
import { templateScope } from './template-scope.ts';

/**
 * The secrets that functions read by their variable `SECRET_ID`, each once. They are asked for before anything is
 * deployed, since custom resources read them during the deployment.
 */
export function secretIds(stack: StackAssembly): readonly string[] {
  const scope = templateScope({
    template: stack.template,
    stack: { ...stack, stackId: '' },
    parameters: {},
    resources: new Map(),
    readSecret: (id) => {
      throw new Error(`the secret ${id} is not there yet`);
    },
  });
  const ids = Object.entries(stack.template.Resources).flatMap(([logicalId, { Type, Properties }]) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const { Variables } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    const id = Variables?.SECRET_ID;
    return id === undefined ? [] : [String(resolveValue(id, scope, `${logicalId}.SECRET_ID`))];
  });
  return [...new Set(ids)];
}
