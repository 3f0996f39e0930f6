/**
 * The tag of an object below `delivered/` that a copier has taken on. By the tag, one rule of the bucket deletes such
 * objects of every destination, also of one that has left the settings, and no object that still has to be copied.
 */
export const copiedTag = { key: 'RelayCopied', value: 'true' } as const;
