import { Document, isCollection, isMap } from 'yaml';

/**
 * @param definition a format as data
 * @returns the YAML of it, written as the files of `knowledge/log-formats` are: one line for each column, pattern and case
 */
export function writeDefinition(definition: Readonly<Record<string, unknown>>): string {
  const document = new Document(definition, { aliasDuplicateObjects: false });
  const { contents } = document;
  if (isMap(contents)) {
    for (const { value } of contents.items) {
      if (!isCollection(value)) continue;
      for (const item of value.items) flow(item);
    }
  }
  return document.toString({ lineWidth: 0 });
}

/** What is within a field of the format stands on one line. */
function flow(item: unknown): void {
  const value = typeof item === 'object' && item !== null && 'value' in item ? item.value : undefined;
  if (isCollection(value)) value.flow = true;
  if (!isMap(item)) return;
  for (const { value: inner } of item.items) if (isCollection(inner)) inner.flow = true;
}
