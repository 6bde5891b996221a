import type { FileCategory } from '@sphinx/schema';
import type { SeenFile } from './queries.ts';

export const CATEGORY_TITLES: Readonly<Record<FileCategory, string>> = {
  program: 'Programs',
  script: 'Scripts',
  document: 'Documents',
  archive: 'Archives',
  image: 'Images',
  media: 'Sound and film',
  clinical: 'Clinical',
  security: 'Keys and certificates',
  database: 'Databases',
  text: 'Text',
  other: 'Other',
};

/** Name as far as policy lets it be stored; `*` stands for one that is not. */
export function nameText({ name }: Pick<SeenFile, 'name'>): string {
  if (name === '') return 'no name';
  return name === '*' ? 'name not stored' : name;
}

/** Names of the YARA rules that matched. */
export function rulesOf({ rules }: Pick<SeenFile, 'rules'>): readonly string[] {
  return JSON.parse(rules) as readonly string[];
}

/** `EICAR_Test_File` → "EICAR Test File": a line may break there. */
export function ruleText(rule: string): string {
  return rule.replaceAll('_', ' ');
}
