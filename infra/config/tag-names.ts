/** Tags of roles and delivery streams. Commands find by them what is kept. */

/** Has the stack's name as its value. */
export const stackTag = 'RelayStack';
/** Of a role, it says whose folders the role may reach. */
export const streamTag = 'RelayStream';
export const destinationTag = 'RelayDestination';
