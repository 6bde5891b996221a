/** Senders that are told apart; one more drops the one that was told apart longest. */
const MAXIMUM_SENDERS = 20_000;

/** How much each sender may send: so many at once, and as many again with each second. */
export class SenderLimit {
  readonly #perSecond: number;
  readonly #senders = new Map<string, { tokens: number; at: number }>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** @param nowMs of any steady clock. @returns whether the sender may send one more now */
  take(sender: string, nowMs: number): boolean {
    const bucket = this.#bucketOf(sender, nowMs);
    bucket.tokens = Math.min(this.#perSecond, bucket.tokens + ((nowMs - bucket.at) / 1000) * this.#perSecond);
    bucket.at = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  #bucketOf(sender: string, nowMs: number) {
    const known = this.#senders.get(sender);
    if (known !== undefined) return known;
    if (this.#senders.size >= MAXIMUM_SENDERS) {
      const [oldest] = this.#senders.keys();
      if (oldest !== undefined) this.#senders.delete(oldest);
    }
    const bucket = { tokens: this.#perSecond, at: nowMs };
    this.#senders.set(sender, bucket);
    return bucket;
  }
}
