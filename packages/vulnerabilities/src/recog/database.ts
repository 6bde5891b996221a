/**
 * Fingerprints of one kind of text that services send (a banner, a header, a description), in the format of Rapid7's recog:
 * https://github.com/rapid7/recog, `xml/fingerprints.xsd`.
 */
export interface FingerprintDatabase {
  /** What its fingerprints are matched against: `ssh.banner`, `http_header.server`; the file's name where it says nothing. */
  readonly matches: string;
  /** Protocol of the service, lower case; empty where the database names none. */
  readonly protocol: string;
  /** `service`, `util.os` …; empty where it says nothing. */
  readonly databaseType: string;
  /** Databases with a higher one are asked first; 0.10 where it says nothing, as recog has it. */
  readonly preference: number;
  /** In the order of the file: the first that matches counts. */
  readonly fingerprints: readonly Fingerprint[];
  /** What was left out, and why. */
  readonly rejected: readonly RejectedFingerprint[];
}

export interface Fingerprint {
  readonly description: string;
  /** Line of the file at which it begins, from 1. */
  readonly line: number;
  /** As the file has it: a regular expression of Ruby. */
  readonly pattern: string;
  /** The same for RE2, whose running time grows only linearly with the text. */
  readonly expression: string;
  readonly parameters: readonly FingerprintParameter[];
  readonly examples: readonly FingerprintExample[];
}

/** One value that a match gives: a group of the pattern, or a fixed text in which `{name}` stands for another value. */
export interface FingerprintParameter {
  readonly name: string;
  /** Group of the pattern, from 1; 0 for a fixed text. */
  readonly position: number;
  readonly value: string;
}

/** A text that the fingerprint must match, with values that it must give. */
export interface FingerprintExample {
  readonly text: string;
  readonly expected: ReadonlyMap<string, string>;
  readonly line: number;
}

export interface RejectedFingerprint {
  readonly line: number;
  readonly description: string;
  readonly reason: string;
}

/** Bounds of what is read and matched; real databases stay far below them. */
export const RECOG_LIMITS = {
  fileBytes: 16 * 1024 * 1024,
  fingerprints: 50_000,
  patternLength: 4096,
  /** Instructions of a compiled pattern (RE2); matching takes at most this times the length of the text. */
  programSize: 20_000,
  parameters: 64,
  examples: 100,
  exampleLength: 64 * 1024,
  /** Characters of a text that are looked at; banners are short, what follows tells no product. */
  textLength: 16 * 1024,
} as const;
