import { latin1 } from '../../bytes/text.ts';
import { maskTarget } from '../../http/target.ts';
import type { HttpExchange } from '../../http/types.ts';
import type { TransactionView } from '../../inspector.ts';
import type { EveMembers } from './eve-event.ts';

/** Requests of one flow that wait for their exchange; the oldest give way. */
const MAXIMUM_WAITING = 256;

/** What requests of HTTP/1 said that their records leave out, until the records come. */
export class HttpRequests {
  readonly #waiting: { readonly target: string; readonly referrer: string }[] = [];

  /** @param view of a request as rules see it */
  request({ buffers, isContinuation }: TransactionView): void {
    const target = textOf(buffers['http.uri.raw']);
    if (target === '' || isContinuation === true) return;
    this.#waiting.push({ target, referrer: textOf(buffers['http.referer']) });
    if (this.#waiting.length > MAXIMUM_WAITING) this.#waiting.shift();
  }

  /** @returns whole address and referrer of the request of an exchange, as members of `http` */
  take({ path }: Pick<HttpExchange, 'path'>): EveMembers {
    const index = this.#waiting.findIndex(({ target }) => maskTarget(target).path === path);
    if (index < 0) return {};
    const [found] = this.#waiting.splice(0, index + 1).slice(-1);
    if (found === undefined) return {};
    return { url: found.target, ...(found.referrer === '' ? {} : { http_refer: found.referrer }) };
  }
}

function textOf(values: readonly Uint8Array[] | undefined): string {
  const [first] = values ?? [];
  return first === undefined ? '' : latin1(first);
}
