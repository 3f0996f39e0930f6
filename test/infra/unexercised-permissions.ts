/** A permission that no local run uses, and why it stays. */
export interface Justification {
  /** The statement's name: role or resource, policy, and its place in it. */
  readonly statement: RegExp;
  /** In lower case. */
  readonly action: RegExp;
  readonly resource?: RegExp;
  readonly because: string;
}

const delivery = /^Streamscis(s3s3|splunksplunk|httphttp|gcsgcs|openSearchopenSearch|sentinelsentinel)Role/;

export const justified: readonly Justification[] = [
  {
    statement: /^StreamLifecycleFunctionRole.*\.own/,
    action: /^cloudformation:describestacks$/,
    because:
      'Only a deploy that would leave undelivered batches behind asks whether it is a rollback: change-every-setting.long.test.ts.',
  },
  {
    statement: /^Key.* Administer$/,
    action: /^kms:/,
    because: 'People administer the key, and CloudFormation deploys it; nothing of the relay does.',
  },
  {
    statement: /^Key.* UseByIdentityPolicies$/,
    action: /^kms:(creategrant|encrypt|generatedatakeywithoutplaintext|reencryptfrom|reencryptto)$/,
    because:
      'DynamoDB and Firehose ask these of whoever creates the table and the delivery streams: the deploying principal, whose policy is in docs/deploy.md.',
  },
  {
    statement: /^Key.* RolesOfTheStack$/,
    action: /^kms:(decrypt|generatedatakey)$/,
    because:
      'For roles whose template no longer has the key, or had none yet: those of the present template have their own.',
  },
  {
    statement: /^(Key|MonitoringAlarms(Waiting)?TopicPolicy).* AlarmsTell$/,
    action: /^(kms:(decrypt|generatedatakey)|sns:publish)$/,
    because: 'CloudWatch tells the topic when an alarm goes off, which is judged here without the topic.',
  },
  {
    statement: /^(StreamLifecycle.*\.own|Streamscis.*Copier(Queue|DeadLetters)Policy.* LifecycleWatches$)/,
    action: /^(s3:listbucket|logs:filterlogevents|sqs:(getqueueattributes|sendmessage))$/,
    because:
      'For destinations that have left the settings, which none does within the day; kept-waiting.test.ts has one.',
  },
  {
    statement: /^StreamLifecycle.*\.own/,
    action: /^cloudformation:describestacks$/,
    because:
      'Asked where a change would leave undelivered batches behind, whether the stack rolls back; the day has one deploy.',
  },
  {
    statement: /^BucketAccessLogsPolicy/,
    action: /^s3:putobject$/,
    because: 'S3 writes its own access logs, hours later; no stand-in does.',
  },
  {
    statement: new RegExp(`${delivery.source}.*\\.own`),
    action: /^(s3:getbucketlocation|s3:listbucketmultipartuploads|es:describedomain(s|config)?)$/,
    because:
      'In the policy that AWS documents for Firehose, where it finds region, domain and unfinished uploads; the stand-in knows them.',
  },
  {
    statement: new RegExp(`${delivery.source}.*\\.own`),
    action: /^logs:putlogevents$/,
    because: 'Firehose logs errors of delivery there; the stand-in keeps its log itself.',
  },
  {
    statement: new RegExp(`${delivery.source}.*\\.own`),
    action: /^s3:abortmultipartupload$/,
    because: 'Firehose writes large objects in parts, the stand-in each at once.',
  },
  {
    statement: new RegExp(`${delivery.source}.*\\.own`),
    action: /^s3:putobject$/,
    resource: /\/backup\//,
    because:
      'To S3 nothing is refused without a processor, so that the backup folder of a destination there stays empty; Firehose checks that it may write there.',
  },
  {
    statement: /(SchedulesRole|OrphansRole).*\.own/,
    action: /^(sqs:sendmessage|kms:decrypt|kms:generatedatakey)$/,
    because:
      'Scheduler puts a tick aside that Lambda did not take for a minute or more, which no run here waits for.',
  },
  {
    statement: /CopierFunctionRole.*\.own/,
    action: /^s3:listbucket$/,
    because:
      'Never called: with it S3 says of an expired object that it is missing, and without it that it is forbidden.',
  },
];
