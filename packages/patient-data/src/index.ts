export { CheckDigits, holdsCheckDigits } from './identifiers/check-digits.ts';
export { Identifier, IdentifierDefinition, IdentifierFile } from './identifiers/identifier.ts';
export { RecordFormat, RecordFormatDefinition, RecordFormatFile } from './records/record-format.ts';
export {
  addCounts,
  PatientDataCounts,
  type PatientDataKnowledge,
  PatientDataScanner,
} from './scan/patient-data-scanner.ts';
export { HealthTermFile, HealthTerms } from './terms/health-terms.ts';
