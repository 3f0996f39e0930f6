import type { VerifyActivity } from '../../infra/config/documented-names.ts';
import { type ActivityMapping, mapped, step } from './activity-mapping.ts';

const unknown = { outcome: 'unknown' } as const;
const low = { severity: 'low' } as const;

/** Every documented activity of type `verify`, by its name on the wire. */
export const verifyActivities: Readonly<Record<VerifyActivity, ActivityMapping>> = {
  session_created: mapped('Verification session created', 'apiActivity', 'create'),
  session_deleted: mapped('Verification session deleted', 'apiActivity', 'delete', low),
  session_started: mapped('Verification started', 'apiActivity', 'other'),
  expiration_session: mapped('Verification session expired', 'apiActivity', 'other', unknown),
  consent_approved: mapped('Consent given', 'apiActivity', 'update'),
  image_uploaded_info: mapped('Image uploaded', 'apiActivity', 'create', unknown),
  check_image_quality: mapped('Image checked', 'apiActivity', 'other', unknown),
  sdk_process_completed: mapped('Capture completed', 'apiActivity', 'other'),
  face_auth_session_completed: mapped('Face authentication completed', 'apiActivity', 'other', unknown),
  verification_completed: mapped('Verification completed', 'apiActivity', 'other', unknown),
  verification_status_updated: mapped('Verification status changed', 'apiActivity', 'update', unknown),
  error: mapped('Verification failed', 'apiActivity', 'other', { outcome: 'failure' }),

  // What staff do with evidence of fraud
  read_fraud_image_data: mapped('Fraud images read', 'apiActivity', 'read', low),
  delete_fraud_image_data: mapped('Fraud images deleted', 'apiActivity', 'delete', { severity: 'medium' }),
  download_fraud_csv: mapped('Fraud list downloaded', 'apiActivity', 'read', low),
  download_session_zip: mapped('Session downloaded', 'apiActivity', 'read', low),
  restriction_criteria_updated: mapped('Restrictions changed', 'apiActivity', 'update', low),

  // Pages
  page_loaded: step('Page loaded'),
  redirect: step('Redirected'),
  user_action_performed: step('User acted on a page'),
};
