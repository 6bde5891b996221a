import { load } from 'js-yaml';

/**
 * Reads the YAML of a knowledge file. Hundreds are read at each start, so this is the library that takes a quarter of the other's
 * time; settings and what people write is read with the other, whose errors say more.
 *
 * @throws YAMLException that says where the text is no YAML
 */
export function parseYaml(text: string): unknown {
  return load(text);
}
