/** @param what one of them @returns "1 flow", "2 flows" */
export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
