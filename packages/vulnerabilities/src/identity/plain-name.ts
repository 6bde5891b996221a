/** @returns what is the same however a name is written: `Apache HTTP Server` is `apachehttpserver` */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[®™]|\(.*?\)/g, '')
    .replace(/[^a-z0-9+]+/g, '');
}

/** Legal forms, which one source writes and another leaves out. */
const LEGAL_FORM =
  /[\s,]+(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|co|company|gmbh|ag|se|kg|kgaa|plc|s\.?a|s\.?p\.?a|n\.?v|b\.?v|a\/s|ab|oy|as|pty|e\.?v|& co)\.?$/i;

/** @returns the name of a company without its legal form: `Siemens Healthcare GmbH` is `siemenshealthcare` */
export function plainVendor(name: string): string {
  let stem = name.trim();
  for (let before = ''; before !== stem; ) {
    before = stem;
    stem = stem.replace(LEGAL_FORM, '').replace(/\s*&$/, '');
  }
  return plainName(stem) || plainName(name);
}
