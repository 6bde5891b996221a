export { type AuditMessageReading, holdsAuditMessages, readAuditMessages } from './audit-message/audit-message.ts';
export type { ByteSource } from './evtx/byte-source.ts';
export type { EvtxRecord } from './evtx/chunk.ts';
export { type EvtxSummary, isEvtx, readEvtx } from './evtx/evtx.ts';
export type { LogFields, LogScalar, LogValue } from './log-value.ts';
export { readWindowsJson } from './windows/json.ts';
export { type WindowsEvent, windowsFields } from './windows/windows-event.ts';
export { readWindowsXml, type WindowsXmlReading } from './windows/xml.ts';
