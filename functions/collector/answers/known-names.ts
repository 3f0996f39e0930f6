// Written by "npm run content" from content/mapping/: change that.

/** The members of events, of all types. */
export const knownMembers: readonly string[] =
  `activity app_id user_id actor_id actor_type target_resource_id target_resource_type
    ip user_agent timestamp additionalParams additional_params invocation_id
    original_app_id original_user_id original_actor_id flow_id correlation_id tenant_id
    client_id device_id`.split(/\s+/);

/**
 * By type: activities in every spelling, those of them whose additional parameters are free, and the additional parameters
 * of the others.
 */
export const knownNames = {
  cis: {
    activities: `user_login userLogin authentication_succeeded authenticationSucceeded
      passwordless_authentication passwordlessAuthentication passwordless_transaction
      passwordlessTransaction silent_authentication silentAuthentication user_failed_login
      userFailedLogin authentication_failed authenticationFailed failed_OTP_attempt
      failed_otp_attempt failedOtpAttempt authentication_started authenticationStarted
      user_logout userLogout session_logout sessionLogout create_user createUser
      create_user_failure createUserFailure update_user updateUser update_user_failure
      updateUserFailure suspend_user suspendUser locked_account lockedAccount add_password
      addPassword update_password updatePassword reset_password resetPassword
      passwordless_registration passwordlessRegistration webauthn_registration
      webauthnRegistration user_register_mobile_native_biometrics
      userRegisterMobileNativeBiometrics user_delete_webauthn_credential
      userDeleteWebauthnCredential user_delete_mobile_native_biometrics
      userDeleteMobileNativeBiometrics get_user getUser get_users getUsers sms_sent smsSent
      external_connection_call externalConnectionCall action_complete actionComplete
      action_start actionStart assertion_end assertionEnd assertion_error assertionError
      assertion_escape assertionEscape assertion_start assertionStart condition_evaluated
      conditionEvaluated consume_ticket consumeTicket create_ticket createTicket custom
      custom_activity_log customActivityLog custom_data customData custom_token_enrichment
      customTokenEnrichment events_enrichment eventsEnrichment http_auth_pass httpAuthPass
      ldap_bind_entry ldapBindEntry ldap_create_entry ldapCreateEntry ldap_fetch_entry
      ldapFetchEntry loop oidc_token_exchange_request oidcTokenExchangeRequest
      policy_decision policyDecision restore_user_context restoreUserContext session_end
      sessionEnd session_error sessionError session_pending sessionPending session_start
      sessionStart set_variables setVariables transmit_identity_verification
      transmitIdentityVerification transmit_platform_custom_authentication
      transmitPlatformCustomAuthentication typescript_function_node typescriptFunctionNode
      validate_response validateResponse`.split(/\s+/),
    free: `session_logout sessionLogout external_connection_call externalConnectionCall
      action_complete actionComplete action_start actionStart assertion_end assertionEnd
      assertion_error assertionError assertion_escape assertionEscape assertion_start
      assertionStart condition_evaluated conditionEvaluated consume_ticket consumeTicket
      create_ticket createTicket custom custom_activity_log customActivityLog custom_data
      customData custom_token_enrichment customTokenEnrichment events_enrichment
      eventsEnrichment http_auth_pass httpAuthPass ldap_bind_entry ldapBindEntry
      ldap_create_entry ldapCreateEntry ldap_fetch_entry ldapFetchEntry loop
      oidc_token_exchange_request oidcTokenExchangeRequest policy_decision policyDecision
      restore_user_context restoreUserContext session_end sessionEnd session_error
      sessionError session_pending sessionPending session_start sessionStart set_variables
      setVariables transmit_identity_verification transmitIdentityVerification
      transmit_platform_custom_authentication transmitPlatformCustomAuthentication
      typescript_function_node typescriptFunctionNode validate_response validateResponse`.split(/\s+/),
    parameters: `secondary_emails secondary_phone_numbers birthday address name status
      external_account_id picture language external_user_id username email phone_number
      custom_app_data custom_data customDataUsed getUserBy failureType status_code
      x-correlation-id`.split(/\s+/),
  },
  admin: {
    activities: `adminLogin admin_login adminLogout admin_logout createUser create_user deleteUser
      delete_user adminUpdateUser admin_update_user addAdmin add_admin removeAdmin
      remove_admin createApp create_app updateApp update_app deleteApp delete_app
      createMgmtApp create_mgmt_app updateMgmtApp update_mgmt_app deleteMgmtApp
      delete_mgmt_app createApiToken create_api_token deleteApiToken delete_api_token
      adminCreateTenant admin_create_tenant adminUpdateTenant admin_update_tenant
      editAuthSettings edit_auth_settings editGeneralSettings edit_general_settings
      editPreviewPolicy edit_preview_policy pushPolicyToProduction
      push_policy_to_production`.split(/\s+/),
    free: [],
    parameters: `secondary_emails secondary_phone_numbers birthday address name status
      external_account_id picture language external_user_id username email phone_number
      custom_app_data custom_data`.split(/\s+/),
  },
  risk: {
    activities: `risk_recommendation riskRecommendation`.split(/\s+/),
    free: [],
    parameters: `actionId actionType appVersion browserName campaignId clientId correlationId
      deviceFingerprint deviceId deviceLanguages devicePlatform deviceTimezone ipAsnId
      ipAsnName ipCountry ipLocationCity ipLocationLatitude ipLocationLongitude
      ipLocationTimezone ipLocationZip ipOrganizationName ipOrganizationType ipRegion
      location osName reasons recommendation riskScore sdkVersion signals`.split(/\s+/),
  },
  verify: {
    activities: `session_created sessionCreated session_deleted sessionDeleted session_started
      sessionStarted expiration_session expirationSession consent_approved consentApproved
      image_uploaded_info imageUploadedInfo check_image_quality checkImageQuality
      sdk_process_completed sdkProcessCompleted face_auth_session_completed
      faceAuthSessionCompleted verification_completed verificationCompleted
      verification_status_updated verificationStatusUpdated error read_fraud_image_data
      readFraudImageData delete_fraud_image_data deleteFraudImageData download_fraud_csv
      downloadFraudCsv download_session_zip downloadSessionZip restriction_criteria_updated
      restrictionCriteriaUpdated page_loaded pageLoaded redirect user_action_performed
      userActionPerformed`.split(/\s+/),
    free: [],
    parameters: `sessionId result sdkVersion browser osVersion platform deviceModel userActionType
      pageName redirectUrl imageType processResult requestProcessingTimeMs errorName
      errorDescription`.split(/\s+/),
  },
} satisfies Readonly<Record<string, KnownNames>>;

interface KnownNames {
  readonly activities: readonly string[];
  readonly free: readonly string[];
  readonly parameters: readonly string[];
}
