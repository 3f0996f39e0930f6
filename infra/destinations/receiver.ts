/**
 * Where a destination's events end, by the protocol that it is asked by: what `relay doctor` probes. Each kind names its
 * own, so that a kind which speaks a protocol of this list needs no probe of its own.
 */
export type Receiver =
  | {
      readonly protocol: 'splunk-hec';
      readonly endpoint: string;
      readonly secretId: string;
      readonly index?: string;
    }
  /** Firehose's HTTP endpoint protocol; without a secret the URL itself is the key. */
  | { readonly protocol: 'firehose-http'; readonly url: string; readonly secretId?: string }
  | {
      readonly protocol: 's3-bucket';
      /** Its name. */
      readonly bucket: string;
      /** The folder that is written to, with a slash at its end; absent before a first deploy. */
      readonly folder?: string;
    }
  | {
      readonly protocol: 'google-storage';
      readonly url: string;
      readonly bucket: string;
      readonly stsUrl: string;
      readonly audience: string;
    }
  | {
      readonly protocol: 'azure-logs';
      readonly url: string;
      readonly entraUrl: string;
      readonly audience: string;
      readonly secretId: string;
      readonly rule: string;
      readonly table: string;
    }
  /** A domain by its ARN, whose endpoint AWS tells, or a serverless collection by its URL. */
  | {
      readonly protocol: 'open-search';
      readonly domain?: string;
      readonly url?: string;
      /** One index that events go to, with what rotation adds to its name. */
      readonly index: string;
    }
  | UnprobedReceiver;

/** A receiver that is not asked, with the reason, and a secret of which one member must be there. */
interface UnprobedReceiver {
  readonly protocol: 'unprobed';
  readonly why: string;
  readonly secret?: {
    readonly secretId: string;
    readonly member: string;
    /** True where CloudFormation reads it during the deploy, and no role of the stack. */
    readonly readByDeploy?: true;
  };
}

/** A vendor's intake, whose URL the deploy completes: until then its secret alone can be looked at. */
export function vendorReceiver(
  secretId: string,
  secret: { readonly member: string; readonly readByDeploy?: true } = { member: 'api_key' },
): UnprobedReceiver {
  return {
    protocol: 'unprobed',
    why: "the vendor's address follows from the settings and is probed after the deploy",
    secret: { secretId, ...secret },
  };
}
