import type { LogScalar, LogValue } from './log-value.ts';

/** One element of an event's XML, whether it was text or BinXML. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: [name: string, value: LogScalar][];
  readonly children: XmlElement[];
  /** Text in it, piece by piece; typed where BinXML tells the type. */
  readonly values: LogValue[];
}

/** @returns what stands in an element: one typed value, or its pieces joined; undefined where nothing does */
export function contentOf({ values }: XmlElement): LogValue | undefined {
  if (values.length <= 1) return values[0];
  return values.flat().join('');
}
