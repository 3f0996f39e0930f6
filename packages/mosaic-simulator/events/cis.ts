import {
  bool,
  changed,
  count,
  date,
  email,
  firstName,
  id,
  lastName,
  list,
  type Member,
  object,
  oddNumber,
  oddString,
  oneOf,
  phone,
} from './values.ts';

/**
 * What changes about a user, each as `{prev, current}`.
 *
 * @see UpdateUser and AdminUserSchema of the vendor's Event Streaming API reference
 */
export const userChanges: readonly Member[] = [
  [
    'email',
    changed(
      object([
        ['value', email],
        ['email_verified', bool],
        ['verified_at', oneOf('2026-01-05T08:00:00.000Z')],
      ]),
    ),
  ],
  [
    'phone_number',
    changed(
      object([
        ['value', phone],
        ['phone_number_verified', bool],
      ]),
    ),
  ],
  [
    'name',
    changed(
      object([
        ['title', oneOf('Dr', 'Ms', '')],
        ['first_name', firstName],
        ['last_name', lastName],
      ]),
    ),
  ],
  [
    'address',
    changed(
      object([
        ['country', oneOf('DE', 'JP', 'US')],
        ['city', oneOf('Köln', '東京', 'Łódź', 'Austin')],
        ['street_address', oneOf('1 Main St', 'Straße 5')],
        ['postal_code', count(99_999)],
        ['type', oneOf('home', 'work')],
      ]),
    ),
  ],
  [
    'secondary_emails',
    changed(
      list(
        object([
          ['value', email],
          ['email_verified', bool],
        ]),
        2,
      ),
    ),
  ],
  [
    'secondary_phone_numbers',
    changed(
      list(
        object([
          ['value', phone],
          ['phone_number_verified', bool],
        ]),
        2,
      ),
    ),
  ],
  ['birthday', changed(date)],
  ['status', changed(oneOf('Active', 'Disabled', 'Pending', 'Suspended'))],
  ['language', changed(oneOf('en', 'de', 'ja', 'pt-BR'))],
  ['username', changed(firstName)],
  ['external_user_id', changed(id('ext-'))],
  ['external_account_id', changed(id('acc-'))],
  ['picture', changed(oneOf('https://cdn.example/p.png', ''))],
  [
    'custom_data',
    changed(
      object([
        ['tier', oneOf('gold', 'プラチナ')],
        ['points', oddNumber],
      ]),
    ),
  ],
  ['custom_app_data', changed(object([['note', oddString]]))],
];

/** Journey events have no schema: what an expression of the journey returns. */
const journeyData: readonly Member[] = [
  ['step_id', id('step-', 8)],
  ['journey_id', id('journey-', 8)],
  ['journey_name', oneOf('login', 'Anmeldung für Kunden', 'step-up 🔐', 'recovery')],
  ['outcome', oneOf('success', 'failure', 'escape', 'pending')],
  ['na\\u006de', firstName],
  ['duration_ms', count(5000)],
  ['sequence', oddNumber],
  [
    'input',
    object([
      ['field', oddString],
      ['', oddNumber],
      ['attempts', count(5)],
    ]),
  ],
  [
    'output',
    object([
      ['claims', list(oddString)],
      ['score', oddNumber],
      ['nothing', () => 'null'],
    ]),
  ],
];

const membersOf: Readonly<Record<string, readonly Member[]>> = {
  create_user: [['customDataUsed', bool]],
  get_user: [
    ['getUserBy', oneOf('email', 'user_id', 'username', 'phone_number')],
    ['customDataUsed', bool],
  ],
  get_users: [['customDataUsed', bool]],
  create_user_failure: [
    ['email', email],
    ['external_user_id', id('ext-')],
    ['failureType', oneOf('already_exists', 'invalid_input', 'internal')],
    ['username', firstName],
    ['status_code', oneOf('409', '400', '500')],
    ['x-correlation-id', id('c-')],
  ],
  update_user: [...userChanges, ['customDataUsed', bool]],
};

const identityManagement =
  `reset_password user_register_mobile_native_biometrics update_user user_failed_login
  webauthn_registration failed_OTP_attempt update_password passwordless_registration suspend_user
  silent_authentication get_users user_delete_webauthn_credential locked_account passwordless_authentication
  update_user_failure user_delete_mobile_native_biometrics authentication_started authentication_failed get_user
  user_logout create_user_failure add_password authentication_succeeded sms_sent user_login create_user
  passwordless_transaction`.split(/\s+/);

const journeys =
  `ldap_bind_entry session_logout custom set_variables session_end transmit_identity_verification
  assertion_end custom_activity_log transmit_platform_custom_authentication oidc_token_exchange_request
  typescript_function_node validate_response policy_decision restore_user_context loop action_start
  events_enrichment ldap_create_entry custom_data consume_ticket assertion_escape assertion_error
  external_connection_call ldap_fetch_entry condition_evaluated session_pending session_start action_complete
  assertion_start http_auth_pass session_error create_ticket custom_token_enrichment`.split(/\s+/);

/** Every documented activity of the type, with the members that its `additionalParams` may have. */
export const cisActivities: ReadonlyMap<string, readonly Member[]> = new Map([
  ...identityManagement.map((name) => [name, membersOf[name] ?? []] as const),
  ...journeys.map((name) => [name, journeyData] as const),
]);
