import { ByteCollector } from '../bytes/byte-collector.ts';
import { latin1 } from '../bytes/text.ts';

/** Looks at a body as it passes and keeps no more of it than it needs. */
export interface BodyReader {
  /** @returns false when the rest is of no interest */
  take(bytes: Uint8Array): boolean;
  /** The body has ended. @param bytes length of all of it */
  complete?(bytes: number): void;
}

/** Keeps the beginning of a body. */
export class BodyHead implements BodyReader {
  readonly #kept: ByteCollector;

  /** @param limit bytes that are kept */
  constructor(limit: number) {
    this.#kept = new ByteCollector(limit);
  }

  take(bytes: Uint8Array): boolean {
    this.#kept.add(bytes);
    return !this.#kept.isFull;
  }

  text(): string {
    return latin1(this.#kept.view());
  }
}

/** @returns what of a body was kept as text; empty where it was read otherwise, or not at all */
export function keptText(body: BodyReader | undefined): string {
  return body instanceof BodyHead ? body.text() : '';
}

/** Both messages of an exchange as they were sent: to be looked at, never to be told. */
export interface HttpMessages {
  readonly target: string;
  readonly requestFields: ReadonlyMap<string, string> | undefined;
  readonly responseFields: ReadonlyMap<string, string> | undefined;
  readonly requestBody: BodyReader | undefined;
  readonly responseBody: BodyReader | undefined;
}
