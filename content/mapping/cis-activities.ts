import type { CisActivity } from '../../infra/config/documented-names.ts';
import { type ActivityMapping, mapped, step } from './activity-mapping.ts';

const failure = { outcome: 'failure' } as const;

/** Every documented activity of type `cis`, by its name on the wire. */
export const cisActivities: Readonly<Record<CisActivity, ActivityMapping>> = {
  // Sign-ins
  user_login: mapped('User signed in', 'authentication', 'logon'),
  authentication_succeeded: mapped('Authentication succeeded', 'authentication', 'logon'),
  passwordless_authentication: mapped('Signed in without a password', 'authentication', 'logon'),
  passwordless_transaction: mapped('Confirmed a transaction without a password', 'authentication', 'logon'),
  silent_authentication: mapped('Signed in silently', 'authentication', 'logon'),
  user_failed_login: mapped('Sign-in failed', 'authentication', 'logon', failure),
  authentication_failed: mapped('Authentication failed', 'authentication', 'logon', failure),
  failed_OTP_attempt: mapped('One-time passcode was wrong', 'authentication', 'logon', failure),
  authentication_started: mapped('Authentication started', 'authentication', 'preauth', {
    outcome: 'unknown',
  }),
  user_logout: mapped('User signed out', 'authentication', 'logoff'),
  session_logout: mapped('Session was signed out', 'authentication', 'logoff'),

  // Accounts
  create_user: mapped('User created', 'accountChange', 'create'),
  create_user_failure: mapped('User was not created', 'accountChange', 'create', failure),
  update_user: mapped('User changed', 'accountChange', 'update'),
  update_user_failure: mapped('User was not changed', 'accountChange', 'update', failure),
  suspend_user: mapped('User suspended', 'accountChange', 'disable', { severity: 'low' }),
  locked_account: mapped('Account locked', 'accountChange', 'lock', { severity: 'medium' }),
  add_password: mapped('Password added', 'accountChange', 'passwordChange'),
  update_password: mapped('Password changed', 'accountChange', 'passwordChange'),
  reset_password: mapped('Password reset', 'accountChange', 'passwordReset', { severity: 'low' }),
  passwordless_registration: mapped('Passwordless authenticator added', 'accountChange', 'factorEnable'),
  webauthn_registration: mapped('WebAuthn credential added', 'accountChange', 'factorEnable'),
  user_register_mobile_native_biometrics: mapped('Mobile biometrics added', 'accountChange', 'factorEnable'),
  user_delete_webauthn_credential: mapped('WebAuthn credential removed', 'accountChange', 'factorDisable', {
    severity: 'low',
  }),
  user_delete_mobile_native_biometrics: mapped(
    'Mobile biometrics removed',
    'accountChange',
    'factorDisable',
    { severity: 'low' },
  ),

  // Calls of the API, and messages
  get_user: mapped('User read', 'apiActivity', 'read'),
  get_users: mapped('Users listed', 'apiActivity', 'read'),
  sms_sent: mapped('Text message sent', 'apiActivity', 'other'),
  external_connection_call: mapped('External service called', 'apiActivity', 'other', {
    outcome: 'unknown',
  }),

  // Journeys
  action_complete: step('Step completed', 'success'),
  action_start: step('Step started'),
  assertion_end: step('Assertion ended'),
  assertion_error: step('Assertion failed', 'failure'),
  assertion_escape: step('Assertion left'),
  assertion_start: step('Assertion started'),
  condition_evaluated: step('Condition evaluated'),
  consume_ticket: step('Ticket used'),
  create_ticket: step('Ticket made'),
  custom: step('Custom event'),
  custom_activity_log: step('Custom event'),
  custom_data: step('Custom data'),
  custom_token_enrichment: step('Token enriched'),
  events_enrichment: step('Events enriched'),
  http_auth_pass: step('HTTP authentication passed', 'success'),
  ldap_bind_entry: step('LDAP entry bound'),
  ldap_create_entry: step('LDAP entry created'),
  ldap_fetch_entry: step('LDAP entry read'),
  loop: step('Loop'),
  oidc_token_exchange_request: step('Token exchange requested'),
  policy_decision: step('Policy decided'),
  restore_user_context: step('User context restored'),
  session_end: step('Journey ended', 'success'),
  session_error: step('Journey failed', 'failure'),
  session_pending: step('Journey waits'),
  session_start: step('Journey started'),
  set_variables: step('Variables set'),
  transmit_identity_verification: step('Identity verification called'),
  transmit_platform_custom_authentication: step('Custom authentication called'),
  typescript_function_node: step('Function called'),
  validate_response: step('Response validated'),
};
