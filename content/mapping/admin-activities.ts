import type { AdminActivity } from '../../infra/config/documented-names.ts';
import { type ActivityMapping, mapped } from './activity-mapping.ts';

const low = { severity: 'low' } as const;
const medium = { severity: 'medium' } as const;

/**
 * Every documented activity of type `admin`, by its name in the portal. The wire's spelling (`admin_login`) follows by
 * rule; see `spellingsOf`.
 */
export const adminActivities: Readonly<Record<PortalActivity, ActivityMapping>> = {
  adminLogin: mapped('Administrator signed in', 'authentication', 'logon'),
  adminLogout: mapped('Administrator signed out', 'authentication', 'logoff'),

  createUser: mapped('Administrator created a user', 'accountChange', 'create'),
  deleteUser: mapped('Administrator deleted a user', 'accountChange', 'delete', low),
  adminUpdateUser: mapped('Administrator changed a user', 'accountChange', 'update'),

  addAdmin: mapped('Administrator added', 'userAccess', 'assign', medium),
  removeAdmin: mapped('Administrator removed', 'userAccess', 'revoke', low),

  createApp: mapped('Application created', 'entityManagement', 'create'),
  updateApp: mapped('Application changed', 'entityManagement', 'update'),
  deleteApp: mapped('Application deleted', 'entityManagement', 'delete', low),
  createMgmtApp: mapped('Management application created', 'entityManagement', 'create', medium),
  updateMgmtApp: mapped('Management application changed', 'entityManagement', 'update', low),
  deleteMgmtApp: mapped('Management application deleted', 'entityManagement', 'delete', low),
  createApiToken: mapped('API token created', 'entityManagement', 'create', medium),
  deleteApiToken: mapped('API token deleted', 'entityManagement', 'delete', low),
  adminCreateTenant: mapped('Tenant created', 'entityManagement', 'create', medium),
  adminUpdateTenant: mapped('Tenant changed', 'entityManagement', 'update', medium),
  editAuthSettings: mapped('Authentication settings changed', 'entityManagement', 'update', medium),
  editGeneralSettings: mapped('General settings changed', 'entityManagement', 'update', low),
  editPreviewPolicy: mapped('Preview policy changed', 'entityManagement', 'update'),
  pushPolicyToProduction: mapped('Policy pushed to production', 'entityManagement', 'update', medium),
};

/** The documented names without the two that the documents give in the wire's spelling as well. */
type PortalActivity = Exclude<AdminActivity, `${string}_${string}`>;
