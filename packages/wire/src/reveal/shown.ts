/** Takes the places that may be shown. */
export interface Shown {
  /** @param end exclusive; beyond the bytes it is cut */
  show(start: number, end: number): void;
}
