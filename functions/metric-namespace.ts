/** The namespace of every metric that the functions emit. */
export const metricNamespace = 'MosaicSiemRelay';
