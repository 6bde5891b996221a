/** A request line taken apart (RFC 9112 §3). */
export interface RequestLine {
  readonly method: string;
  /** May hold blanks where the sender did not encode them. */
  readonly target: string;
  /** Empty where the line names none, as in HTTP/0.9. */
  readonly protocol: string;
}

/** @returns method, target and protocol: the last word is the protocol only where it looks like one */
export function splitRequestLine(line: string): RequestLine {
  const [, method = '', rest = ''] = /^(\S*)[ \t]*(.*)$/s.exec(line.trim()) ?? [];
  const [, before = rest, protocol = ''] = /^(.*?)[ \t]+(HTTP\/\S*)$/is.exec(rest) ?? [];
  return { method, target: before, protocol };
}

/** Methods that servers know (IANA HTTP method registry), with those of old proxies and of discovery. */
export const REQUEST_METHODS: readonly string[] = (
  'GET POST PUT HEAD DELETE OPTIONS PATCH CONNECT TRACE PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK VERSION-CONTROL ' +
  'REPORT CHECKOUT CHECKIN UNCHECKOUT MKWORKSPACE UPDATE LABEL MERGE BASELINE-CONTROL MKACTIVITY ORDERPATCH ACL SEARCH ' +
  'BIND UNBIND REBIND LINK UNLINK MKCALENDAR PRI SUBSCRIBE UNSUBSCRIBE NOTIFY M-SEARCH PURGE INVOKE BCOPY BDELETE BMOVE ' +
  'BPROPFIND BPROPPATCH POLL RPC_IN_DATA RPC_OUT_DATA'
).split(' ');

const METHOD_BYTES = REQUEST_METHODS.map((method) => Buffer.from(`${method} `));

/** @returns whether a request with a known method may begin here, as far as the bytes go */
export function mayBeRequestLine(bytes: Uint8Array, offset: number): boolean {
  return METHOD_BYTES.some((method) => {
    const length = Math.min(method.length, bytes.length - offset);
    for (let index = 0; index < length; index++) if (bytes[offset + index] !== method[index]) return false;
    return true;
  });
}
