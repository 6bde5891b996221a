export { FileScanner } from './file-scanner.ts';
export { YaraEngine } from './yara-engine.ts';
export { type RejectedSource, readYaraSources, YaraMatch, type YaraSource } from './yara-rules.ts';
