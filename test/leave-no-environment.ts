import { afterAll, vi } from 'vitest';

/** Test files share a process one after the other, so a file's environment variables end with it. */
afterAll(() => {
  vi.unstubAllEnvs();
});
