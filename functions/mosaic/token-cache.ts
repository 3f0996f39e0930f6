/** The token in use. The caller of `openMosaic` keeps it across runs. */
export interface TokenCache {
  current: CachedToken | undefined;
}

export interface CachedToken {
  readonly value: string;
  /** What it was asked for with; a cache serves one client of one host. */
  readonly askedOf: string;
  readonly renewAt: number;
}

export function createTokenCache(): TokenCache {
  return { current: undefined };
}
