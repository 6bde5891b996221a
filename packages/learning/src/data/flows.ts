import { NSL_KDD, NSL_KDD_FEATURES } from './nsl-kdd.ts';
import type { TableForm } from './read-table.ts';

/**
 * What SPHINX computes of flows that have ended: the features of NSL-KDD that follow from headers and counters. Those of
 * content (failed log-ins, shells, files created …) are left out, since they were read from clear text of 1998.
 */
const OF_FLOWS = new Set([
  ...['duration', 'protocol_type', 'service', 'flag', 'src_bytes', 'dst_bytes', 'land'],
  ...['count', 'srv_count', 'serror_rate', 'srv_serror_rate', 'rerror_rate', 'srv_rerror_rate', 'same_srv_rate'],
  ...['diff_srv_rate', 'srv_diff_host_rate', 'dst_host_count', 'dst_host_srv_count', 'dst_host_same_srv_rate'],
  ...['dst_host_diff_srv_rate', 'dst_host_same_src_port_rate', 'dst_host_srv_diff_host_rate', 'dst_host_serror_rate'],
  ...['dst_host_srv_serror_rate', 'dst_host_rerror_rate', 'dst_host_srv_rerror_rate'],
]);

export const FLOW_FEATURES = NSL_KDD_FEATURES.filter(({ name }) => OF_FLOWS.has(name));

/** Flows with these columns and a label, or NSL-KDD itself, of which only these columns are read. */
export const FLOWS: TableForm = { ...NSL_KDD, title: 'Flows', features: FLOW_FEATURES };
