import { createHash, type Hash } from 'node:crypto';
import { latin1 } from '../bytes/text.ts';
import type { MailObserver } from '../files/mail-message.ts';
import { parseAllFields } from '../files/multipart.ts';
import type { MailContent } from './types.ts';

const MAXIMUM_TEXT = 256 * 1024;
const MAXIMUM_URLS = 100;
const MAXIMUM_URL = 2048;
const MAXIMUM_ATTACHMENTS = 100;
const MAXIMUM_FIELDS = 200;
/** Scheme, then what stands in a web address up to space, quotes or brackets around it. */
const URL = /http:\/\/([^\s"'<>\\^`{|}]+)/gi;

/** Reads what a message says, for a log whose owner asked for it. Bounded, whatever the message holds. */
export class MailReader implements MailObserver {
  #fields: MailContent['fields'] = [];
  readonly #onAttachment: () => void;
  readonly #attachments: string[] = [];
  readonly #urls: string[] = [];
  readonly #body: Hash = createHash('md5');
  #text = '';
  #textBytes = 0;
  #state: MailContent['state'] = 'header';

  /** @param onAttachment called for each, with a name or without */
  constructor(onAttachment: () => void) {
    this.#onAttachment = onAttachment;
  }

  header(text: string): void {
    this.#fields = parseAllFields(text).slice(0, MAXIMUM_FIELDS);
    this.#state = 'body';
  }

  body(bytes: Uint8Array): void {
    this.#body.update(bytes);
  }

  text(bytes: Uint8Array): void {
    const room = MAXIMUM_TEXT - this.#textBytes;
    if (room <= 0) return;
    this.#text += latin1(bytes, 0, room);
    this.#textBytes += Math.min(room, bytes.length);
  }

  endText(): void {
    for (const [, url = ''] of this.#text.matchAll(URL)) {
      if (this.#urls.length < MAXIMUM_URLS) this.#urls.push(url.slice(0, MAXIMUM_URL));
    }
    this.#text = '';
  }

  attachment(name: string): void {
    this.#onAttachment();
    if (name !== '' && this.#attachments.length < MAXIMUM_ATTACHMENTS) this.#attachments.push(name);
  }

  gap(): void {
    this.#state = 'broken';
  }

  /** @param isWhole the message came to its own end */
  end(isWhole: boolean): void {
    if (isWhole && this.#state !== 'broken') this.#state = 'whole';
  }

  content(): MailContent {
    this.endText();
    return {
      state: this.#state,
      fields: this.#fields,
      attachments: [...this.#attachments],
      urls: [...this.#urls],
      bodyMd5: this.#state === 'whole' ? this.#body.copy().digest('hex') : undefined,
    };
  }
}
