/** One end spoke. */
export interface Turn {
  readonly direction: 'to-server' | 'to-client';
  readonly bytes: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** What was said over one connection, or inside TLS on it. */
export interface Conversation {
  readonly transport: 'tcp' | 'udp';
  readonly localAddress: string;
  readonly localPort: number;
  readonly ip: string;
  readonly port: number;
  /** What was said inside TLS, in clear text. */
  readonly isInsideTls: boolean;
  readonly turns: Turn[];
}
