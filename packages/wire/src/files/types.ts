import type { FileCategory, FileTypeDefinition } from '@sphinx/schema';
import type { Direction } from '../protocol.ts';
import type { FlowReference } from '../sensor.ts';

/** What a room knows of a file when its first byte comes. */
export interface FileStart {
  /** Way of its bytes. */
  readonly direction: Direction;
  /** As the sender calls it, without a path; empty where it has no name. It may name a patient. */
  readonly name: string;
  /** The name is the last part of the address that it was asked for by, since the sender calls it nothing. */
  readonly isNamedByAddress?: boolean;
  /** Media type that the sender declares; empty where it declares none. */
  readonly declaredType: string;
  /** Carried as clinical content by design (a DICOM object, a FHIR resource): hashed and typed, its bytes are not held. */
  readonly isClinical?: boolean;
  /** Type that the protocol says it is, where its bytes alone do not tell; id of a file type. */
  readonly knownType?: string;
  /** Content codings, outermost last, as `Content-Encoding` lists them (RFC 9110 §8.4); undone before anything else. */
  readonly codings?: readonly string[];
  /** What else is worth knowing, never about a patient: SOP class, transfer syntax, share. */
  readonly details?: Readonly<Record<string, string>>;
}

/** How the transfer of a file ended: with its last byte, broken off, or with the stream, which a FIN tells from a loss. */
export type FileEnding = boolean | 'closed';

/** One file on its way. Bytes are valid during the call only. */
export interface FileTransfer {
  write(bytes: Uint8Array): void;
  /** Bytes that were lost, or that the room did not see. */
  gap(length: number): void;
  /** @returns what the file was; a second call gives the same */
  end(isWhole: FileEnding): FileRecord;
}

/** Takes files that begin. */
export interface FileBeginner {
  /** @returns undefined when no further file can be followed at the moment: it is counted */
  begin(start: FileStart): FileTransfer | undefined;
}

/** Where rooms hand over the files that they see. */
export interface FileSink extends FileBeginner {
  /** @returns whether a room may hold so many bytes of a file until earlier ones come */
  hold(bytes: number): boolean;
  /** They are held no longer. */
  release(bytes: number): void;
}

/** A file that crossed the wire. */
export interface FileRecord {
  /** The same for every reading of the same capture. */
  readonly id: string;
  readonly flow: FlowReference;
  readonly direction: Direction;
  /** Room that it was seen in. */
  readonly protocol: string;
  /** As far as `FileOptions.names` allows: the whole name, or `*` with its ending, or empty. */
  readonly name: string;
  /** The name is the last part of the address that it was asked for by. */
  readonly isNamedByAddress?: boolean;
  /** Ending of the name, in lower case, without the dot. */
  readonly extension: string;
  readonly declaredType: string;
  /** By content; id of a file type, `text` or `data`. */
  readonly type: string;
  /** As file(1) begins to describe it. */
  readonly typeDescription: string;
  readonly mediaType: string;
  readonly category: FileCategory;
  /** Content that is another kind of thing than its declared type or its name says. */
  readonly isMismatch: boolean;
  /** Health data by its protocol or by its type. */
  readonly isClinical: boolean;
  /** Bytes that were seen, content codings undone. */
  readonly sizeBytes: number;
  /** Of the bytes that were seen, in hexadecimal; of the whole file where `isWhole`; empty where `clinicalHashes` leaves it out. */
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  /** Every byte was seen. */
  readonly isWhole: boolean;
  readonly lostBytes: number;
  readonly details: Readonly<Record<string, string>>;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly packetNumber: number;
  /** A rule asks to keep it. Rooms do not know: whoever reads with rules says so. */
  readonly isWanted?: boolean;
  /** Bytes from the start, as far as limits allow; absent where they were not wanted or not there. */
  readonly content?: Uint8Array;
}

/** How files are followed. */
export interface FileOptions {
  /** What content is told by; order decides. */
  readonly types: readonly FileTypeDefinition[];
  /**
   * Which names a record may carry: of programs and scripts only, by their ending, since the names of documents and images
   * are often those of patients; all, for captures without patients; or none. Rules see every name.
   */
  readonly names: 'all' | 'programs' | 'none';
  /** Hand over the content with the record, for scanning. */
  readonly givesContent: boolean;
  /**
   * Hashes of what a protocol itself says to be clinical (DICOM objects); all where absent. They are most of the bytes of a
   * hospital, nobody publishes hashes of them, and MD5 alone costs more than all other work on them (docs/performance.md).
   */
  readonly clinicalHashes?: 'none' | 'sha256' | 'all' | undefined;
  readonly limits?: Partial<FileLimits>;
}

/** Bounds in bytes and numbers; what goes beyond is counted. */
export interface FileLimits {
  /** Content held of one file; the rest is hashed only. */
  readonly contentBytes: number;
  /** Content held of all files together, those that wait to be taken included. */
  readonly totalContentBytes: number;
  /** Files that one flow may have open at a time. */
  readonly openPerFlow: number;
  readonly open: number;
  /** Records that wait to be taken. */
  readonly waiting: number;
}

/** Counted since the start of the sensor. */
export interface FileStatistics {
  readonly files: number;
  readonly bytes: number;
  /** Files that were not followed, because too many were open, or whose record was dropped. */
  readonly filesShed: number;
  /** Bytes of content that were hashed and not held. */
  readonly contentBytesShed: number;
}
