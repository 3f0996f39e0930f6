import { userChanges } from './cis.ts';
import type { Member } from './values.ts';

/**
 * Every documented activity of the type: the portal shows camelCase names, the contract's wire example is
 * `admin_login`, so the names here are the snake_case forms, with a few as the portal has them.
 */
export const adminActivities: ReadonlyMap<string, readonly Member[]> = new Map(
  `add_admin admin_create_tenant admin_login admin_logout admin_update_tenant admin_update_user create_api_token
  create_app create_mgmt_app create_user delete_api_token delete_app delete_mgmt_app delete_user
  edit_auth_settings edit_general_settings remove_admin update_app update_mgmt_app edit_preview_policy
  push_policy_to_production addAdmin adminLogin pushPolicyToProduction`
    .split(/\s+/)
    .map((name) => [name, /user/i.test(name) ? userChanges : []] as const),
);
