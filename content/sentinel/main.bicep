// Generated from content/mapping/ by "npm run content".

@description('Name of the Log Analytics workspace, in this resource group, where Sentinel works.')
param workspace string

@description('The region of the workspace: rule and endpoint have to be in it.')
param location string = resourceGroup().location

@description('Name of the data collection rule and of its endpoint.')
param name string = 'mosaic-relay'

resource table 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01' = {
  name: '${workspace}/MosaicEvents_CL'
  properties: {
    plan: 'Analytics'
    schema: {
      name: 'MosaicEvents_CL'
      columns: [
        {
          name: 'TimeGenerated'
          type: 'datetime'
        }
        {
          name: 'EventTime'
          type: 'datetime'
        }
        {
          name: 'EventId'
          type: 'string'
        }
        {
          name: 'Type_s'
          type: 'string'
        }
        {
          name: 'Stream'
          type: 'string'
        }
        {
          name: 'Activity'
          type: 'string'
        }
        {
          name: 'UserId'
          type: 'string'
        }
        {
          name: 'Ip'
          type: 'string'
        }
        {
          name: 'CollectedAt'
          type: 'datetime'
        }
        {
          name: 'Event'
          type: 'dynamic'
        }
      ]
    }
  }
}

resource endpoint 'Microsoft.Insights/dataCollectionEndpoints@2023-03-11' = {
  name: name
  location: location
  properties: {
    networkAcls: {
      publicNetworkAccess: 'Enabled'
    }
  }
}

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: name
  location: location
  properties: {
    dataCollectionEndpointId: endpoint.id
    streamDeclarations: {
      'Custom-MosaicEvents_CL': {
        columns: [
          {
            name: 'Event'
            type: 'dynamic'
          }
        ]
      }
    }
    destinations: {
      logAnalytics: [
        {
          workspaceResourceId: resourceId('Microsoft.OperationalInsights/workspaces', workspace)
          name: 'sentinel'
        }
      ]
    }
    dataFlows: [
      {
        streams: [
          'Custom-MosaicEvents_CL'
        ]
        destinations: [
          'sentinel'
        ]
        outputStream: 'Custom-MosaicEvents_CL'
        transformKql: 'source | extend Relay = Event[\'_relay\'] | project TimeGenerated = coalesce(todatetime(Event.timestamp), now()), EventTime = todatetime(Event.timestamp), EventId = tostring(Relay.id), Type_s = tostring(Relay.type), Stream = tostring(Relay.stream), Activity = tostring(Event.activity), UserId = tostring(Event.user_id), Ip = tostring(Event.ip), CollectedAt = todatetime(Relay.collected_at), Event'
      }
    ]
  }
  dependsOn: [
    table
    endpoint
  ]
}

resource parseAuthentication 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  name: '${workspace}/ASimAuthenticationMosaic'
  properties: {
    category: 'ASIM'
    displayName: 'ASIM Authentication of Mosaic'
    functionAlias: 'ASimAuthenticationMosaic'
    query: 'let Activities = datatable(Type_s:string, Activity:string, Recommendation:string, EventType:string, EventResult:string, EventSeverity:string, EventMessage:string)[\n    "cis", "user_login", "", "Logon", "Success", "Informational", "User signed in",\n    "cis", "userLogin", "", "Logon", "Success", "Informational", "User signed in",\n    "cis", "authentication_succeeded", "", "Logon", "Success", "Informational", "Authentication succeeded",\n    "cis", "authenticationSucceeded", "", "Logon", "Success", "Informational", "Authentication succeeded",\n    "cis", "passwordless_authentication", "", "Logon", "Success", "Informational", "Signed in without a password",\n    "cis", "passwordlessAuthentication", "", "Logon", "Success", "Informational", "Signed in without a password",\n    "cis", "passwordless_transaction", "", "Logon", "Success", "Informational", "Confirmed a transaction without a password",\n    "cis", "passwordlessTransaction", "", "Logon", "Success", "Informational", "Confirmed a transaction without a password",\n    "cis", "silent_authentication", "", "Logon", "Success", "Informational", "Signed in silently",\n    "cis", "silentAuthentication", "", "Logon", "Success", "Informational", "Signed in silently",\n    "cis", "user_failed_login", "", "Logon", "Failure", "Low", "Sign-in failed",\n    "cis", "userFailedLogin", "", "Logon", "Failure", "Low", "Sign-in failed",\n    "cis", "authentication_failed", "", "Logon", "Failure", "Low", "Authentication failed",\n    "cis", "authenticationFailed", "", "Logon", "Failure", "Low", "Authentication failed",\n    "cis", "failed_OTP_attempt", "", "Logon", "Failure", "Low", "One-time passcode was wrong",\n    "cis", "failed_otp_attempt", "", "Logon", "Failure", "Low", "One-time passcode was wrong",\n    "cis", "failedOtpAttempt", "", "Logon", "Failure", "Low", "One-time passcode was wrong",\n    "cis", "user_logout", "", "Logoff", "Success", "Informational", "User signed out",\n    "cis", "userLogout", "", "Logoff", "Success", "Informational", "User signed out",\n    "cis", "session_logout", "", "Logoff", "Success", "Informational", "Session was signed out",\n    "cis", "sessionLogout", "", "Logoff", "Success", "Informational", "Session was signed out",\n    "admin", "adminLogin", "", "Logon", "Success", "Informational", "Administrator signed in",\n    "admin", "admin_login", "", "Logon", "Success", "Informational", "Administrator signed in",\n    "admin", "adminLogout", "", "Logoff", "Success", "Informational", "Administrator signed out",\n    "admin", "admin_logout", "", "Logoff", "Success", "Informational", "Administrator signed out"\n];\nMosaicEvents_CL\n| summarize arg_max(TimeGenerated, *) by EventId\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| extend Recommended = tostring(Params.recommendation)\n| extend Recommendation = iff(Type_s == "risk" and Recommended in ("ALLOW", "TRUST", "CHALLENGE", "DENY"), Recommended, "")\n| lookup kind=inner Activities on Type_s, Activity, Recommendation\n| project\n    TimeGenerated,\n    EventStartTime = EventTime,\n    EventEndTime = EventTime,\n    EventCount = int(1),\n    EventVendor = "Transmit Security",\n    EventProduct = "Mosaic",\n    EventSchema = "Authentication",\n    EventSchemaVersion = "0.1.3",\n    EventType,\n    EventResult,\n    EventSeverity,\n    EventMessage,\n    EventOriginalUid = EventId,\n    Dvc = coalesce(tostring(Event.tenant_id), "mosaic"),\n    TargetUserId = coalesce(tostring(Event.actor_id), UserId),\n    TargetUserIdType = "Other",\n    TargetUsername = tostring(Params.username),\n    TargetAppId = tostring(Event.app_id),\n    EventOriginalType = tostring(Event.activity),\n    SrcIpAddr = tostring(Event.ip),\n    HttpUserAgent = tostring(Event.user_agent),\n    EventOriginalResultDetails = tostring(Params.failureType),\n    EventOriginalSeverity = tostring(Params.riskScore),\n    SrcDvcId = tostring(Params.deviceId),\n    SrcGeoCountry = tostring(Params.ipCountry),\n    SrcGeoRegion = tostring(Params.ipRegion),\n    SrcGeoCity = tostring(Params.ipLocationCity),\n    SrcDvcOs = tostring(Params.osName),\n    AdditionalFields = Params\n'
    version: 2
  }
  dependsOn: [
    table
  ]
}

resource parseUserManagement 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  name: '${workspace}/ASimUserManagementMosaic'
  properties: {
    category: 'ASIM'
    displayName: 'ASIM UserManagement of Mosaic'
    functionAlias: 'ASimUserManagementMosaic'
    query: 'let Activities = datatable(Type_s:string, Activity:string, Recommendation:string, EventType:string, EventResult:string, EventSeverity:string, EventMessage:string)[\n    "cis", "create_user", "", "UserCreated", "Success", "Informational", "User created",\n    "cis", "createUser", "", "UserCreated", "Success", "Informational", "User created",\n    "cis", "create_user_failure", "", "UserCreated", "Failure", "Low", "User was not created",\n    "cis", "createUserFailure", "", "UserCreated", "Failure", "Low", "User was not created",\n    "cis", "update_user", "", "UserModified", "Success", "Informational", "User changed",\n    "cis", "updateUser", "", "UserModified", "Success", "Informational", "User changed",\n    "cis", "update_user_failure", "", "UserModified", "Failure", "Low", "User was not changed",\n    "cis", "updateUserFailure", "", "UserModified", "Failure", "Low", "User was not changed",\n    "cis", "suspend_user", "", "UserDisabled", "Success", "Low", "User suspended",\n    "cis", "suspendUser", "", "UserDisabled", "Success", "Low", "User suspended",\n    "cis", "locked_account", "", "UserLocked", "Success", "Medium", "Account locked",\n    "cis", "lockedAccount", "", "UserLocked", "Success", "Medium", "Account locked",\n    "cis", "add_password", "", "PasswordChanged", "Success", "Informational", "Password added",\n    "cis", "addPassword", "", "PasswordChanged", "Success", "Informational", "Password added",\n    "cis", "update_password", "", "PasswordChanged", "Success", "Informational", "Password changed",\n    "cis", "updatePassword", "", "PasswordChanged", "Success", "Informational", "Password changed",\n    "cis", "reset_password", "", "PasswordReset", "Success", "Low", "Password reset",\n    "cis", "resetPassword", "", "PasswordReset", "Success", "Low", "Password reset",\n    "cis", "passwordless_registration", "", "UserModified", "Success", "Informational", "Passwordless authenticator added",\n    "cis", "passwordlessRegistration", "", "UserModified", "Success", "Informational", "Passwordless authenticator added",\n    "cis", "webauthn_registration", "", "UserModified", "Success", "Informational", "WebAuthn credential added",\n    "cis", "webauthnRegistration", "", "UserModified", "Success", "Informational", "WebAuthn credential added",\n    "cis", "user_register_mobile_native_biometrics", "", "UserModified", "Success", "Informational", "Mobile biometrics added",\n    "cis", "userRegisterMobileNativeBiometrics", "", "UserModified", "Success", "Informational", "Mobile biometrics added",\n    "cis", "user_delete_webauthn_credential", "", "UserModified", "Success", "Low", "WebAuthn credential removed",\n    "cis", "userDeleteWebauthnCredential", "", "UserModified", "Success", "Low", "WebAuthn credential removed",\n    "cis", "user_delete_mobile_native_biometrics", "", "UserModified", "Success", "Low", "Mobile biometrics removed",\n    "cis", "userDeleteMobileNativeBiometrics", "", "UserModified", "Success", "Low", "Mobile biometrics removed",\n    "admin", "createUser", "", "UserCreated", "Success", "Informational", "Administrator created a user",\n    "admin", "create_user", "", "UserCreated", "Success", "Informational", "Administrator created a user",\n    "admin", "deleteUser", "", "UserDeleted", "Success", "Low", "Administrator deleted a user",\n    "admin", "delete_user", "", "UserDeleted", "Success", "Low", "Administrator deleted a user",\n    "admin", "adminUpdateUser", "", "UserModified", "Success", "Informational", "Administrator changed a user",\n    "admin", "admin_update_user", "", "UserModified", "Success", "Informational", "Administrator changed a user",\n    "admin", "addAdmin", "", "UserModified", "Success", "Medium", "Administrator added",\n    "admin", "add_admin", "", "UserModified", "Success", "Medium", "Administrator added",\n    "admin", "removeAdmin", "", "UserModified", "Success", "Low", "Administrator removed",\n    "admin", "remove_admin", "", "UserModified", "Success", "Low", "Administrator removed"\n];\nMosaicEvents_CL\n| summarize arg_max(TimeGenerated, *) by EventId\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| extend Recommended = tostring(Params.recommendation)\n| extend Recommendation = iff(Type_s == "risk" and Recommended in ("ALLOW", "TRUST", "CHALLENGE", "DENY"), Recommended, "")\n| lookup kind=inner Activities on Type_s, Activity, Recommendation\n| project\n    TimeGenerated,\n    EventStartTime = EventTime,\n    EventEndTime = EventTime,\n    EventCount = int(1),\n    EventVendor = "Transmit Security",\n    EventProduct = "Mosaic",\n    EventSchema = "UserManagement",\n    EventSchemaVersion = "0.1.1",\n    EventType,\n    EventResult,\n    EventSeverity,\n    EventMessage,\n    EventOriginalUid = EventId,\n    Dvc = coalesce(tostring(Event.tenant_id), "mosaic"),\n    ActorUserId = coalesce(tostring(Event.actor_id), UserId),\n    ActorUserIdType = "Other",\n    TargetUserId = coalesce(tostring(Event.target_resource_id), UserId),\n    TargetUserIdType = "Other",\n    TargetUsername = tostring(Params.username),\n    EventOriginalType = tostring(Event.activity),\n    SrcIpAddr = tostring(Event.ip),\n    HttpUserAgent = tostring(Event.user_agent),\n    EventOriginalResultDetails = tostring(Params.failureType),\n    EventOriginalSeverity = tostring(Params.riskScore),\n    SrcDvcId = tostring(Params.deviceId),\n    SrcGeoCountry = tostring(Params.ipCountry),\n    SrcGeoRegion = tostring(Params.ipRegion),\n    SrcGeoCity = tostring(Params.ipLocationCity),\n    SrcDvcOs = tostring(Params.osName),\n    AdditionalFields = Params\n'
    version: 2
  }
  dependsOn: [
    table
  ]
}

resource parseAuditEvent 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  name: '${workspace}/ASimAuditEventMosaic'
  properties: {
    category: 'ASIM'
    displayName: 'ASIM AuditEvent of Mosaic'
    functionAlias: 'ASimAuditEventMosaic'
    query: 'let Activities = datatable(Type_s:string, Activity:string, Recommendation:string, EventType:string, EventResult:string, EventSeverity:string, EventMessage:string)[\n    "cis", "get_user", "", "Read", "Success", "Informational", "User read",\n    "cis", "getUser", "", "Read", "Success", "Informational", "User read",\n    "cis", "get_users", "", "Read", "Success", "Informational", "Users listed",\n    "cis", "getUsers", "", "Read", "Success", "Informational", "Users listed",\n    "cis", "sms_sent", "", "Other", "Success", "Informational", "Text message sent",\n    "cis", "smsSent", "", "Other", "Success", "Informational", "Text message sent",\n    "cis", "external_connection_call", "", "Other", "NA", "Informational", "External service called",\n    "cis", "externalConnectionCall", "", "Other", "NA", "Informational", "External service called",\n    "admin", "createApp", "", "Create", "Success", "Informational", "Application created",\n    "admin", "create_app", "", "Create", "Success", "Informational", "Application created",\n    "admin", "updateApp", "", "Set", "Success", "Informational", "Application changed",\n    "admin", "update_app", "", "Set", "Success", "Informational", "Application changed",\n    "admin", "deleteApp", "", "Delete", "Success", "Low", "Application deleted",\n    "admin", "delete_app", "", "Delete", "Success", "Low", "Application deleted",\n    "admin", "createMgmtApp", "", "Create", "Success", "Medium", "Management application created",\n    "admin", "create_mgmt_app", "", "Create", "Success", "Medium", "Management application created",\n    "admin", "updateMgmtApp", "", "Set", "Success", "Low", "Management application changed",\n    "admin", "update_mgmt_app", "", "Set", "Success", "Low", "Management application changed",\n    "admin", "deleteMgmtApp", "", "Delete", "Success", "Low", "Management application deleted",\n    "admin", "delete_mgmt_app", "", "Delete", "Success", "Low", "Management application deleted",\n    "admin", "createApiToken", "", "Create", "Success", "Medium", "API token created",\n    "admin", "create_api_token", "", "Create", "Success", "Medium", "API token created",\n    "admin", "deleteApiToken", "", "Delete", "Success", "Low", "API token deleted",\n    "admin", "delete_api_token", "", "Delete", "Success", "Low", "API token deleted",\n    "admin", "adminCreateTenant", "", "Create", "Success", "Medium", "Tenant created",\n    "admin", "admin_create_tenant", "", "Create", "Success", "Medium", "Tenant created",\n    "admin", "adminUpdateTenant", "", "Set", "Success", "Medium", "Tenant changed",\n    "admin", "admin_update_tenant", "", "Set", "Success", "Medium", "Tenant changed",\n    "admin", "editAuthSettings", "", "Set", "Success", "Medium", "Authentication settings changed",\n    "admin", "edit_auth_settings", "", "Set", "Success", "Medium", "Authentication settings changed",\n    "admin", "editGeneralSettings", "", "Set", "Success", "Low", "General settings changed",\n    "admin", "edit_general_settings", "", "Set", "Success", "Low", "General settings changed",\n    "admin", "editPreviewPolicy", "", "Set", "Success", "Informational", "Preview policy changed",\n    "admin", "edit_preview_policy", "", "Set", "Success", "Informational", "Preview policy changed",\n    "admin", "pushPolicyToProduction", "", "Set", "Success", "Medium", "Policy pushed to production",\n    "admin", "push_policy_to_production", "", "Set", "Success", "Medium", "Policy pushed to production",\n    "risk", "risk_recommendation", "ALLOW", "Other", "Success", "Informational", "Risk: allow",\n    "risk", "riskRecommendation", "ALLOW", "Other", "Success", "Informational", "Risk: allow",\n    "risk", "risk_recommendation", "TRUST", "Other", "Success", "Informational", "Risk: trust",\n    "risk", "riskRecommendation", "TRUST", "Other", "Success", "Informational", "Risk: trust",\n    "risk", "risk_recommendation", "CHALLENGE", "Other", "Success", "Medium", "Risk: challenge",\n    "risk", "riskRecommendation", "CHALLENGE", "Other", "Success", "Medium", "Risk: challenge",\n    "risk", "risk_recommendation", "DENY", "Other", "Success", "High", "Risk: deny",\n    "risk", "riskRecommendation", "DENY", "Other", "Success", "High", "Risk: deny",\n    "risk", "risk_recommendation", "", "Other", "NA", "Informational", "Risk recommendation",\n    "risk", "riskRecommendation", "", "Other", "NA", "Informational", "Risk recommendation",\n    "verify", "session_created", "", "Create", "Success", "Informational", "Verification session created",\n    "verify", "sessionCreated", "", "Create", "Success", "Informational", "Verification session created",\n    "verify", "session_deleted", "", "Delete", "Success", "Low", "Verification session deleted",\n    "verify", "sessionDeleted", "", "Delete", "Success", "Low", "Verification session deleted",\n    "verify", "session_started", "", "Other", "Success", "Informational", "Verification started",\n    "verify", "sessionStarted", "", "Other", "Success", "Informational", "Verification started",\n    "verify", "expiration_session", "", "Other", "NA", "Informational", "Verification session expired",\n    "verify", "expirationSession", "", "Other", "NA", "Informational", "Verification session expired",\n    "verify", "consent_approved", "", "Set", "Success", "Informational", "Consent given",\n    "verify", "consentApproved", "", "Set", "Success", "Informational", "Consent given",\n    "verify", "image_uploaded_info", "", "Create", "NA", "Informational", "Image uploaded",\n    "verify", "imageUploadedInfo", "", "Create", "NA", "Informational", "Image uploaded",\n    "verify", "check_image_quality", "", "Other", "NA", "Informational", "Image checked",\n    "verify", "checkImageQuality", "", "Other", "NA", "Informational", "Image checked",\n    "verify", "sdk_process_completed", "", "Other", "Success", "Informational", "Capture completed",\n    "verify", "sdkProcessCompleted", "", "Other", "Success", "Informational", "Capture completed",\n    "verify", "face_auth_session_completed", "", "Other", "NA", "Informational", "Face authentication completed",\n    "verify", "faceAuthSessionCompleted", "", "Other", "NA", "Informational", "Face authentication completed",\n    "verify", "verification_completed", "", "Other", "NA", "Informational", "Verification completed",\n    "verify", "verificationCompleted", "", "Other", "NA", "Informational", "Verification completed",\n    "verify", "verification_status_updated", "", "Set", "NA", "Informational", "Verification status changed",\n    "verify", "verificationStatusUpdated", "", "Set", "NA", "Informational", "Verification status changed",\n    "verify", "error", "", "Other", "Failure", "Low", "Verification failed",\n    "verify", "read_fraud_image_data", "", "Read", "Success", "Low", "Fraud images read",\n    "verify", "readFraudImageData", "", "Read", "Success", "Low", "Fraud images read",\n    "verify", "delete_fraud_image_data", "", "Delete", "Success", "Medium", "Fraud images deleted",\n    "verify", "deleteFraudImageData", "", "Delete", "Success", "Medium", "Fraud images deleted",\n    "verify", "download_fraud_csv", "", "Read", "Success", "Low", "Fraud list downloaded",\n    "verify", "downloadFraudCsv", "", "Read", "Success", "Low", "Fraud list downloaded",\n    "verify", "download_session_zip", "", "Read", "Success", "Low", "Session downloaded",\n    "verify", "downloadSessionZip", "", "Read", "Success", "Low", "Session downloaded",\n    "verify", "restriction_criteria_updated", "", "Set", "Success", "Low", "Restrictions changed",\n    "verify", "restrictionCriteriaUpdated", "", "Set", "Success", "Low", "Restrictions changed"\n];\nMosaicEvents_CL\n| summarize arg_max(TimeGenerated, *) by EventId\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| extend Recommended = tostring(Params.recommendation)\n| extend Recommendation = iff(Type_s == "risk" and Recommended in ("ALLOW", "TRUST", "CHALLENGE", "DENY"), Recommended, "")\n| lookup kind=inner Activities on Type_s, Activity, Recommendation\n| project\n    TimeGenerated,\n    EventStartTime = EventTime,\n    EventEndTime = EventTime,\n    EventCount = int(1),\n    EventVendor = "Transmit Security",\n    EventProduct = "Mosaic",\n    EventSchema = "AuditEvent",\n    EventSchemaVersion = "0.1",\n    EventType,\n    EventResult,\n    EventSeverity,\n    EventMessage,\n    EventOriginalUid = EventId,\n    Dvc = coalesce(tostring(Event.tenant_id), "mosaic"),\n    ActorUserId = coalesce(tostring(Event.actor_id), UserId),\n    ActorUserIdType = "Other",\n    Operation = Activity,\n    Object = coalesce(tostring(Event.target_resource_id), tostring(Event.app_id), "mosaic"),\n    ObjectType = "Other",\n    OriginalObjectType = tostring(Event.target_resource_type),\n    EventOriginalType = tostring(Event.activity),\n    SrcIpAddr = tostring(Event.ip),\n    HttpUserAgent = tostring(Event.user_agent),\n    EventOriginalResultDetails = tostring(Params.failureType),\n    EventOriginalSeverity = tostring(Params.riskScore),\n    SrcDvcId = tostring(Params.deviceId),\n    SrcGeoCountry = tostring(Params.ipCountry),\n    SrcGeoRegion = tostring(Params.ipRegion),\n    SrcGeoCity = tostring(Params.ipLocationCity),\n    SrcDvcOs = tostring(Params.osName),\n    AdditionalFields = Params\n'
    version: 2
  }
  dependsOn: [
    table
  ]
}

resource detectSpraying 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a001'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: one address fails to sign in as many users'
    description: 'Password spraying: one address tries a few passwords on many users.'
    severity: 'High'
    enabled: false
    query: 'MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "cis" and Activity in ("user_failed_login", "userFailedLogin", "authentication_failed", "authenticationFailed")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| summarize Count = dcount(UserId), First = min(EventTime), Last = max(EventTime) by Ip, Window = bin(EventTime, 10m)\n| where Count >= 20\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectOneAddress 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a002'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: many users sign in from one address'
    description: 'One address signs in as many users within an hour, as with credentials that were bought.'
    severity: 'Medium'
    enabled: false
    query: 'MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "cis" and Activity in ("user_login", "userLogin")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| summarize Count = dcount(UserId), First = min(EventTime), Last = max(EventTime) by Ip, Window = bin(EventTime, 1h)\n| where Count >= 15\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectLockouts 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a003'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: many accounts are locked'
    description: 'A burst of locked accounts at one application.'
    severity: 'High'
    enabled: false
    query: 'MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "cis" and Activity in ("locked_account", "lockedAccount")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| summarize Count = count(), First = min(EventTime), Last = max(EventTime) by app_id = tostring(Event.app_id), Window = bin(EventTime, 10m)\n| where Count >= 4\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectAdminAtNight 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a004'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: an administrator is added out of hours'
    description: 'An administrator is added between 20:00 and 06:00 UTC.'
    severity: 'High'
    enabled: false
    query: 'MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "admin" and Activity in ("addAdmin", "add_admin")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| where hourofday(EventTime) in (20, 21, 22, 23, 0, 1, 2, 3, 4, 5)\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectStolenToken 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a005'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: an API token is created and used from another address'
    description: 'Within an hour of the creation of an API token, its application acts from an address that is not the one of the creation.'
    severity: 'High'
    enabled: false
    query: 'let First = MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "admin" and Activity in ("createApiToken", "create_api_token")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| project Key = tostring(Event.target_resource_id), FirstTime = EventTime, FirstIp = Ip;\nlet Second = MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "admin" and Activity in ("adminUpdateUser", "admin_update_user", "createUser", "create_user", "deleteUser", "delete_user", "addAdmin", "add_admin", "updateApp", "update_app")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| project Key = tostring(Event.actor_id), SecondTime = EventTime, SecondIp = Ip, Activity;\nFirst\n| join kind=inner Second on Key\n| where SecondTime between (FirstTime .. 1h)\n| where FirstIp != SecondIp\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectTenantSettings 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a006'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: settings of the tenant are changed'
    description: 'Settings of the tenant or of its authentication are changed.'
    severity: 'Medium'
    enabled: false
    query: 'MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "admin" and Activity in ("adminUpdateTenant", "admin_update_tenant", "editAuthSettings", "edit_auth_settings", "editGeneralSettings", "edit_general_settings")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectPolicyPush 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a007'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: a policy is pushed to production'
    description: 'A policy that decides about sign-ins is pushed to production.'
    severity: 'Low'
    enabled: false
    query: 'MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "admin" and Activity in ("pushPolicyToProduction", "push_policy_to_production")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectDenySpike 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a008'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: many attempts are denied at one application'
    description: 'A spike of DENY recommendations at one application.'
    severity: 'High'
    enabled: false
    query: 'MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "risk" and Activity in ("risk_recommendation", "riskRecommendation")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| where tostring(Params.recommendation) in ("DENY")\n| summarize Count = count(), First = min(EventTime), Last = max(EventTime) by app_id = tostring(Event.app_id), Window = bin(EventTime, 10m)\n| where Count >= 20\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectTakeover 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a009'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: a password is reset, and an authenticator added at once'
    description: 'Within fifteen minutes of the reset of a password the same user has a new authenticator.'
    severity: 'High'
    enabled: false
    query: 'let First = MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "cis" and Activity in ("reset_password", "resetPassword")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| project Key = UserId, FirstTime = EventTime, FirstIp = Ip;\nlet Second = MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "cis" and Activity in ("webauthn_registration", "webauthnRegistration", "passwordless_registration", "passwordlessRegistration", "user_register_mobile_native_biometrics", "userRegisterMobileNativeBiometrics")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| project Key = UserId, SecondTime = EventTime, SecondIp = Ip, Activity;\nFirst\n| join kind=inner Second on Key\n| where SecondTime between (FirstTime .. 15m)\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectFailingDevice 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a010'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: verifications of one device fail'
    description: 'Five verifications from one device fail within an hour.'
    severity: 'Medium'
    enabled: false
    query: 'MosaicEvents_CL\n| where TimeGenerated > ago(2h) and EventTime > ago(2d)\n| summarize arg_max(TimeGenerated, *) by EventId\n| where Type_s == "verify" and Activity in ("verification_status_updated", "verificationStatusUpdated")\n| extend Params = coalesce(Event.additionalParams, Event.additional_params)\n| where tostring(Params.result) in ("failed")\n| summarize Count = count(), First = min(EventTime), Last = max(EventTime) by device_id = tostring(Event.device_id), Window = bin(EventTime, 1h)\n| where Count >= 5\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource detectSilence 'Microsoft.OperationalInsights/workspaces/providers/alertRules@2023-11-01' = {
  name: '${workspace}/Microsoft.SecurityInsights/3d0c0f52-54b5-4a2c-9c0f-5a1de2f0a011'
  kind: 'Scheduled'
  properties: {
    displayName: 'Mosaic: nobody signs in'
    description: 'An hour of the day, 09:00 to 17:00 UTC, in which nobody signs in: an outage, or a hole in the record.'
    severity: 'High'
    enabled: false
    query: 'MosaicEvents_CL\n| where Type_s == "cis" and Activity in ("user_login", "userLogin") and EventTime > ago(1h)\n| summarize Count = count()\n| where Count == 0 and hourofday(now()) between (9 .. 17)\n'
    queryFrequency: 'PT1H'
    queryPeriod: 'P2D'
    triggerOperator: 'GreaterThan'
    triggerThreshold: 0
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
  }
  dependsOn: [
    table
  ]
}

resource workbook 'Microsoft.Insights/workbooks@2022-04-01' = {
  name: guid(resourceGroup().id, workspace, 'mosaic')
  location: location
  kind: 'shared'
  properties: {
    displayName: 'Mosaic'
    category: 'sentinel'
    version: '1.0'
    sourceId: resourceId('Microsoft.OperationalInsights/workspaces', workspace)
    serializedData: '{"version":"Notebook/1.0","items":[{"type":9,"name":"range","content":{"version":"KqlParameterItem/1.0","parameters":[{"name":"Range","type":4,"isRequired":true,"value":{"durationMs":86400000},"typeSettings":{"selectableValues":[{"durationMs":3600000},{"durationMs":86400000},{"durationMs":604800000}]}}],"queryType":0,"resourceType":"microsoft.operationalinsights/workspaces"}},{"type":3,"name":"chart 1","customWidth":"50","content":{"version":"KqlItem/1.0","query":"ASimAuthenticationMosaic\\n| where EventType == \\"Logon\\"\\n| summarize Events = count() by EventResult, bin(TimeGenerated, 1h)","size":0,"title":"Sign-ins by outcome","timeContextFromParameter":"Range","queryType":0,"resourceType":"microsoft.operationalinsights/workspaces","visualization":"timechart"}},{"type":3,"name":"chart 2","customWidth":"50","content":{"version":"KqlItem/1.0","query":"ASimAuditEventMosaic\\n| where EventOriginalType == \\"risk_recommendation\\"\\n| summarize Events = count() by EventMessage, bin(TimeGenerated, 1h)","size":0,"title":"Risk by severity","timeContextFromParameter":"Range","queryType":0,"resourceType":"microsoft.operationalinsights/workspaces","visualization":"timechart"}},{"type":3,"name":"chart 3","customWidth":"50","content":{"version":"KqlItem/1.0","query":"ASimAuthenticationMosaic\\n| where EventResult == \\"Failure\\"\\n| summarize Failures = count(), Users = dcount(TargetUserId) by SrcIpAddr\\n| top 10 by Failures","size":0,"title":"Addresses with the most failed sign-ins","timeContextFromParameter":"Range","queryType":0,"resourceType":"microsoft.operationalinsights/workspaces","visualization":"table"}},{"type":3,"name":"chart 4","customWidth":"50","content":{"version":"KqlItem/1.0","query":"ASimUserManagementMosaic\\n| where ActorUserId != TargetUserId\\n| project TimeGenerated, ActorUserId, EventMessage, TargetUserId, SrcIpAddr\\n| top 20 by TimeGenerated","size":0,"title":"Latest changes of accounts by administrators","timeContextFromParameter":"Range","queryType":0,"resourceType":"microsoft.operationalinsights/workspaces","visualization":"table"}}]}'
  }
  dependsOn: [
    table
  ]
}

output logsIngestionEndpoint string = endpoint.properties.logsIngestion.endpoint

output immutableId string = rule.properties.immutableId

output ruleId string = rule.id
