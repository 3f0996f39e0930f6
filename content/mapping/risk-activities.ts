import { type ActivityMapping, mapped } from './activity-mapping.ts';

/** The additional parameter that decides what a `risk_recommendation` is. */
export const recommendationMember = 'recommendation';

/**
 * The one documented activity of type `risk`, by its recommendation. A recommendation to go on is no finding: findings of
 * each sign-in would bury those that matter.
 */
export const riskRecommendations: Readonly<Record<Recommendation, ActivityMapping>> = {
  ALLOW: mapped('Risk: allow', 'apiActivity', 'other'),
  TRUST: mapped('Risk: trust', 'apiActivity', 'other'),
  CHALLENGE: mapped('Risk: challenge', 'detectionFinding', 'create', { severity: 'medium' }),
  DENY: mapped('Risk: deny', 'detectionFinding', 'create', { severity: 'high' }),
};

/** A `risk_recommendation` without a recommendation that is known. */
export const otherRecommendation: ActivityMapping = mapped('Risk recommendation', 'apiActivity', 'other', {
  outcome: 'unknown',
});

export type Recommendation = 'ALLOW' | 'TRUST' | 'CHALLENGE' | 'DENY';
