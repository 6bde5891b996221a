import type { CsafContext } from '../context.ts';
import type { CsafTest } from '../csaf-test.ts';

/** Language of the document and of its original (CSAF 2.0 §6.1.12, 6.1.15, 6.1.28, 6.2.12, 6.2.14, 6.2.15). */
export const LANGUAGE_TESTS: readonly CsafTest[] = [
  {
    id: '6.1.12',
    title: 'Language',
    run: (context) =>
      languages(context).flatMap(({ tag, where }) =>
        isKnownLanguage(tag) ? [] : [{ where, what: `${tag} is no language tag with registered parts` }],
      ),
  },
  {
    id: '6.1.15',
    title: 'Translator',
    run({ document }) {
      const { publisher, source_lang } = document.document;
      if (publisher.category !== 'translator' || source_lang !== undefined) return [];
      return [{ where: '/document/source_lang', what: 'is missing, while the publisher is a translator' }];
    },
  },
  {
    id: '6.1.28',
    title: 'Translation',
    run({ document }) {
      const { lang, source_lang } = document.document;
      if (lang === undefined || lang.toLowerCase() !== source_lang?.toLowerCase()) return [];
      return [{ where: '/document/source_lang', what: `is ${source_lang}, the language of the document itself` }];
    },
  },
  {
    id: '6.2.12',
    title: 'Missing Document Language',
    run: ({ document }) =>
      document.document.lang === undefined ? [{ where: '/document/lang', what: 'is missing' }] : [],
  },
  {
    id: '6.2.14',
    title: 'Use of Private Language',
    run: (context) =>
      languages(context).flatMap(({ tag, where }) =>
        hasPrivatePart(tag) ? [{ where, what: `${tag} has a part for private use` }] : [],
      ),
  },
  {
    id: '6.2.15',
    title: 'Use of Default Language',
    run: (context) =>
      languages(context).flatMap(({ tag, where }) =>
        tag.toLowerCase() === 'i-default' ? [{ where, what: 'is i-default' }] : [],
      ),
  },
];

/** Tags that RFC 5646 §2.2.8 keeps though they have not the form of others; the schema lets no more of them pass. */
const KEPT_TAGS = ['i-default', 'i-mingo'];

/** Ranges of RFC 5646 §2.2.1–2.2.4 for private use. */
const PRIVATE_LANGUAGE = /^q[a-t][a-z]$/;
const PRIVATE_SCRIPT = /^qa(a[a-z]|b[a-x])$/;
const PRIVATE_REGION = /^(aa|q[m-z]|x[a-z]|zz)$/;

function languages({ document }: CsafContext): readonly { readonly tag: string; readonly where: string }[] {
  return (['lang', 'source_lang'] as const).flatMap((member) => {
    const tag = document.document[member];
    return tag === undefined ? [] : [{ tag, where: `/document/${member}` }];
  });
}

/**
 * Whether the parts of a tag are registered (RFC 5646), as far as the Unicode data of Node.js tell: two-letter languages,
 * scripts and two-letter regions are looked up; of the 8,000 languages of three letters the data name a few hundred only, so
 * that their form has to do.
 */
function isKnownLanguage(tag: string): boolean {
  const lower = tag.toLowerCase();
  if (KEPT_TAGS.includes(lower) || lower.startsWith('x-')) return true;
  const { language, script, region } = partsOf(lower);
  if (language.length === 2 && nameOf('language', language) === undefined) return false;
  if (script !== undefined && !PRIVATE_SCRIPT.test(script) && nameOf('script', script) === undefined) return false;
  const isLetters = region !== undefined && /^[a-z]{2}$/.test(region);
  return !isLetters || PRIVATE_REGION.test(region) || nameOf('region', region) !== undefined;
}

function hasPrivatePart(tag: string): boolean {
  const lower = tag.toLowerCase();
  if (lower.startsWith('x-') || lower.includes('-x-')) return true;
  if (KEPT_TAGS.includes(lower)) return false;
  const { language, script, region } = partsOf(lower);
  return PRIVATE_LANGUAGE.test(language) || PRIVATE_SCRIPT.test(script ?? '') || PRIVATE_REGION.test(region ?? '');
}

function partsOf(tag: string) {
  const [language = '', ...rest] = tag.split('-');
  const singleton = rest.findIndex((part) => part.length === 1);
  const parts = singleton < 0 ? rest : rest.slice(0, singleton);
  return {
    language,
    script: parts.find((part) => /^[a-z]{4}$/.test(part)),
    region: parts.find((part) => /^([a-z]{2}|[0-9]{3})$/.test(part)),
  };
}

/** The data know scripts as `Latn` and regions as `DE` only. */
function nameOf(type: 'language' | 'script' | 'region', code: string): string | undefined {
  const written = { language: code, script: code.charAt(0).toUpperCase() + code.slice(1), region: code.toUpperCase() }[
    type
  ];
  return new Intl.DisplayNames(['en'], { type, fallback: 'none' }).of(written);
}
