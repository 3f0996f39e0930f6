import type { Random } from '../random.ts';
import type { StoryAdmin, StoryUser } from './people.ts';
import { minute, type StoryEvent } from './story-event.ts';

/** An event of type `cis`, from the user's own device and address unless another is given. */
export function ofUser(
  activity: string,
  user: StoryUser,
  at: number,
  additionalParams: object = {},
  ip: string = user.ip,
): StoryEvent {
  const { app, id, device } = user;
  return {
    type: 'cis',
    at,
    members: {
      activity,
      app_id: app,
      user_id: id,
      ip,
      user_agent: device.agent,
      device_id: device.id,
      additionalParams,
    },
  };
}

/** An event of type `admin`, by an administrator or by an application with a token. */
export function ofAdmin(
  activity: string,
  actor: StoryAdmin,
  at: number,
  target: { readonly id: string; readonly type: 'user' | 'app' | 'tenant' },
  actorType: 'user' | 'app' = 'user',
): StoryEvent {
  return {
    type: 'admin',
    at,
    members: {
      activity,
      actor_id: actor.id,
      actor_type: actorType,
      target_resource_id: target.id,
      target_resource_type: target.type,
      ip: actor.ip,
      user_agent: actorType === 'app' ? 'axios/1.7' : 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)',
    },
  };
}

export function riskOf(
  random: Random,
  scene: {
    readonly user: StoryUser;
    readonly at: number;
    readonly recommendation: 'ALLOW' | 'TRUST' | 'CHALLENGE' | 'DENY';
    readonly ip?: string;
  },
): StoryEvent {
  const { user, at, recommendation, ip = user.ip } = scene;
  const base = { ALLOW: 15, TRUST: 2, CHALLENGE: 60, DENY: 90 }[recommendation];
  const reasons = { ALLOW: [], TRUST: ['DEVICE_KNOWN'], CHALLENGE: ['DEVICE_NEW'], DENY: ['BEHAVIOR_BOT'] };
  return {
    type: 'risk',
    at,
    members: {
      activity: 'risk_recommendation',
      app_id: user.app,
      user_id: user.id,
      ip,
      user_agent: user.device.agent,
      additionalParams: {
        actionId: random.hex(32),
        actionType: 'login',
        recommendation,
        riskScore: Math.round((base + random.next() * 9) * 10) / 10,
        reasons: reasons[recommendation],
        deviceId: user.device.id,
        osName: user.device.os,
        browserName: user.device.browser,
        ipCountry: 'DE',
      },
    },
  };
}

/** The events of one verification of an identity document. */
export function* verificationOf(
  random: Random,
  scene: { readonly user: StoryUser; readonly at: number; readonly result: 'complete' | 'failed' },
): Generator<StoryEvent> {
  const { user, at, result } = scene;
  const sessionId = `s-${random.hex(24)}`;
  const step = (activity: string, after: number, more: object = {}): StoryEvent => ({
    type: 'verify',
    at: at + after,
    members: {
      activity,
      app_id: user.app,
      user_id: user.id,
      ip: user.ip,
      user_agent: user.device.agent,
      device_id: user.device.id,
      additionalParams: { sessionId, ...more },
    },
  });
  yield step('session_created', 0);
  yield step('session_started', 5_000, { platform: 'web' });
  yield step('consent_approved', 10_000, { platform: 'web' });
  yield step('image_uploaded_info', 40_000, { imageType: 'document', processResult: 'ok' });
  yield step('verification_status_updated', minute, { result });
}
