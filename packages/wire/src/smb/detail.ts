import type { RpcDetail } from '../dcerpc/calls.ts';
import type { TransactionDetail } from '../inspector.ts';

/** What is asked for and answered in one transaction, beside its command and status. */
export type SmbContent =
  | { readonly kind: 'negotiate'; readonly dialects: readonly string[]; readonly serverGuid: Uint8Array | undefined }
  | { readonly kind: 'session'; readonly login: SmbLogin | undefined; readonly ends: readonly SmbEnd[] }
  | { readonly kind: 'tree'; readonly path: string; readonly shareType: number; readonly services: readonly string[] }
  | {
      readonly kind: 'create';
      readonly name: string;
      readonly isDirectory: boolean;
      readonly disposition: number;
      readonly deletesOnClose: boolean;
      /** Seconds since 1970: created, accessed, modified, changed; 0 where nothing was opened. */
      readonly times: readonly number[];
      readonly size: number;
      readonly handle: Uint8Array;
    }
  | { readonly kind: 'file'; readonly name: string; readonly share: string; readonly handle: Uint8Array }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly handle: Uint8Array }
  | { readonly kind: 'delete'; readonly name: string; readonly handle: Uint8Array }
  | { readonly kind: 'control'; readonly code: number }
  | { readonly kind: 'call'; readonly call: RpcDetail };

/** Who logs in (MS-NLMP §2.2.1.3). */
export interface SmbLogin {
  readonly domain: string;
  readonly user: string;
  readonly host: string;
  /** `10.0 build 17763 rev 15`; empty where it is not told. */
  readonly version: string;
}

/** What an end of SMB 1 says that it runs. */
export interface SmbEnd {
  readonly sentBy: 'client' | 'server';
  readonly system: string;
  readonly manager: string;
}

/** A request with its answer. */
export interface SmbDetail extends TransactionDetail {
  readonly protocol: 'smb';
  /** Of the transaction in its connection, from 1. */
  readonly id: number;
  readonly version: 1 | 2;
  readonly command: number;
  /** Chosen by the server: a number of SMB 2, a name of SMB 1; undefined where that was not seen. */
  readonly dialect: number | string | undefined;
  /** NT status; undefined where nothing answered, or with an error of DOS. */
  readonly status: number | undefined;
  /** Class and code of an error of DOS. */
  readonly dosError: readonly [number, number] | undefined;
  readonly sessionId: bigint;
  readonly treeId: number;
  readonly content: SmbContent | undefined;
}
