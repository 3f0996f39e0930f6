import { count, id, type Member, oneOf } from './values.ts';

const session: readonly Member[] = [
  ['sessionId', id('s-', 24)],
  ['sdkVersion', oneOf('1.9.0', '2.0.0-rc.1')],
  ['browser', oneOf('Safari', 'Chrome', 'Samsung Internet')],
  ['osVersion', oneOf('17.4', '14')],
  ['platform', oneOf('ios', 'android', 'web')],
  ['deviceModel', oneOf('iPhone15,2', 'SM-S928B', 'Pixel 9 Pro')],
];

const furtherMembers: Readonly<Record<string, readonly Member[]>> = {
  user_action_performed: [
    ['userActionType', oneOf('click', 'retake', 'swipe')],
    ['pageName', oneOf('intro', 'selfie')],
  ],
  redirect: [['redirectUrl', oneOf('https://app.example/done?state=ü')]],
  page_loaded: [['pageName', oneOf('intro', 'document', 'selfie', 'résumé')]],
  image_uploaded_info: [
    ['imageType', oneOf('document', 'selfie', 'document_back')],
    ['processResult', oneOf('ok', 'glare', 'blurry')],
    ['requestProcessingTimeMs', count(4000)],
  ],
  error: [
    ['errorName', oneOf('camera_denied', 'session_expired')],
    ['errorDescription', oneOf('Zugriff auf die Kamera verweigert', 'The "user" left\nearly', '…')],
  ],
  check_image_quality: [['imageType', oneOf('document', 'selfie')]],
};

const names =
  `read_fraud_image_data delete_fraud_image_data download_session_zip session_started consent_approved
  verification_completed face_auth_session_completed expiration_session download_fraud_csv
  verification_status_updated image_uploaded_info error sdk_process_completed session_deleted session_created
  restriction_criteria_updated user_action_performed redirect page_loaded check_image_quality`.split(/\s+/);

/** Every documented activity of the type, with the members that its `additionalParams` may have. */
export const verifyActivities: ReadonlyMap<string, readonly Member[]> = new Map(
  names.map((name) => {
    if (name === 'verification_status_updated') {
      return [
        name,
        [
          ['sessionId', id('s-', 24)],
          ['result', oneOf('complete', 'pending', 'failed')],
        ],
      ] as const;
    }
    return [name, [...session, ...(furtherMembers[name] ?? [])]] as const;
  }),
);
