// Loaded before each program of the repository: says in one line which Node is recommended, and ends the program on
// a Node that cannot run it. This file is plain JavaScript and imports nothing, because Node 20 reads neither
// TypeScript nor the files that the programs are made of.

/** TypeScript sources run from this version on. */
const least = [22, 18];
const recommended = 24;

const own = process.versions.node;
// npm runs its scripts on the Node of node_modules, but itself on the one of the system.
const npms = /\bnode\/v(\S+)/.exec(process.env.npm_config_user_agent ?? '')?.[1] ?? own;

if (isOlder(own, least)) {
  process.stderr.write(
    `Node ${own} is too old: Node ${recommended} is recommended, and ${least.join('.')} the oldest that works\n`,
  );
  process.exit(2);
}
// A program's own child processes load this file too, and have nothing to add.
if (process.send === undefined && [own, npms].some((version) => isOlder(version, [recommended, 0]))) {
  process.stderr.write(
    `Node ${recommended} is recommended; ${own === npms ? 'this' : "npm's"} is Node ${npms}\n`,
  );
}

/**
 * @param {string} version such as `20.20.2`
 * @param {readonly number[]} than major and minor
 */
function isOlder(version, [leastMajor = 0, leastMinor = 0]) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
