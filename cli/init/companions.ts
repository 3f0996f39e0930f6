/** The versions that a project names beside the relay: those that this release is tried with. */
export const companions = {
  dependencies: { 'aws-cdk-lib': '2.276.0', 'cdk-nag': '3.0.2', constructs: '10.8.1' },
  devDependencies: { 'aws-cdk': '2.1148.1', typescript: '7.0.2' },
} as const;
