export { type AuditMessageReading, holdsAuditMessages, readAuditMessages } from './audit-message/audit-message.ts';
export type { ByteSource } from './evtx/byte-source.ts';
export type { EvtxRecord } from './evtx/chunk.ts';
export { type EvtxSummary, isEvtx, readEvtx } from './evtx/evtx.ts';
export { type CaseFailure, checkCases } from './formats/check-cases.ts';
export { FormatSet, type FormatSetOptions } from './formats/format-set.ts';
export { LOG_KINDS, LogFormat, LogKind, MAPPED_COLUMNS, MappedColumn } from './formats/log-format.ts';
export type { LogColumns, LogReading, LogRecord } from './formats/log-record.ts';
export { GelfDatagrams, unpackGelf } from './gelf/gelf.ts';
export { compileGrok, type GrokPattern } from './grok/grok.ts';
export { GrokError } from './grok/parse-pattern.ts';
export type { LogFields, LogScalar, LogValue } from './log-value.ts';
export { isOtlpLogs, type OtlpRecord, readOtlpLogs } from './otlp/otlp.ts';
export type { PreviewedLine, PreviewedValue } from './propose/preview-lines.ts';
export {
  type FieldChange,
  type FormatProposal,
  MAXIMUM_SAMPLE_LINES,
  type ProposalOptions,
  type ProposedField,
  proposeFormat,
} from './propose/propose-format.ts';
export { fitsCondition, type LogCondition } from './query/condition.ts';
export { type ColumnKinds, compileQuery, QUERY_ALIASES } from './query/log-query.ts';
export { LogQueryError } from './query/parse-query.ts';
export { SyslogFraming } from './syslog/framing.ts';
export { flattenJson } from './text/flatten.ts';
export { readLogTime } from './time/log-time.ts';
export { readWindowsJson } from './windows/json.ts';
export { type WindowsEvent, windowsFields } from './windows/windows-event.ts';
export { readWindowsXml, type WindowsXmlReading } from './windows/xml.ts';
