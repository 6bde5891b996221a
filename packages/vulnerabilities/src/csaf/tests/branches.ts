import { pointer } from '../../reading/json-document.ts';
import type { Problem } from '../../reading/reading.ts';
import { type CsafContext, place } from '../context.ts';
import type { CsafTest } from '../csaf-test.ts';
import type { CsafBranch } from '../document.ts';

/** Words that tell a range, each by itself between spaces (CSAF 2.0 §6.1.31). */
const RANGE_WORDS = ['after', 'all', 'before', 'earlier', 'later', 'prior', 'versions'];
const VERS = /^vers:[a-z.\-+][a-z0-9.\-+]*\/.+/;
const ORDER_OF_CATEGORIES = ['vendor', 'product_name', 'product_version'];
/** Digits of SHA-256, below which a hash is short. */
const LONG_HASH = 64;

/** Branches of the product tree and what identifies products (CSAF 2.0 §6.1.25, 6.1.31, 6.2.8, 6.2.9, 6.2.16, 6.2.18, 6.3.5, 6.3.9–6.3.11). */
export const BRANCH_TESTS: readonly CsafTest[] = [
  hashTest('6.1.25', 'Multiple Use of Same Hash Algorithm', (algorithms, where) =>
    algorithms.flatMap((algorithm, at) =>
      algorithms.indexOf(algorithm) < at ? [{ where: where + pointer(at), what: `${algorithm} is there already` }] : [],
    ),
  ),
  {
    id: '6.1.31',
    title: 'Version Range in Product Version',
    run: (context) =>
      namesOf(context, 'product_version', (name) => {
        const word =
          /[<>]=?/.exec(name)?.[0] ??
          name
            .toLowerCase()
            .split(/\s+/)
            .find((part) => RANGE_WORDS.includes(part));
        return word === undefined ? undefined : `tells a range by ${word}, which belongs into product_version_range`;
      }),
  },
  hashTest('6.2.8', 'Use of MD5 as the only Hash Algorithm', (algorithms, where) =>
    onlyAlgorithm('md5', algorithms, where),
  ),
  hashTest('6.2.9', 'Use of SHA-1 as the only Hash Algorithm', (algorithms, where) =>
    onlyAlgorithm('sha1', algorithms, where),
  ),
  {
    id: '6.2.16',
    title: 'Missing Product Identification Helper',
    run: ({ products }) =>
      products
        .filter(({ value }) => value.product_identification_helper === undefined)
        .map(({ value, where }) => ({
          where: `${where}/product_identification_helper`,
          what: `is missing of product ${value.product_id}`,
        })),
  },
  {
    id: '6.2.18',
    title: 'Product Version Range without vers',
    run: (context) =>
      namesOf(context, 'product_version_range', (name) =>
        VERS.test(name) ? undefined : `${name} is no range of the form vers:…`,
      ),
  },
  {
    id: '6.3.5',
    title: 'Use of Short Hash',
    run: (context) =>
      hashes(context).flatMap(({ values, where }) =>
        values.flatMap((value, at) =>
          value.length < LONG_HASH
            ? [{ where: `${where}${pointer(at)}/value`, what: `has ${value.length} digits, fewer than ${LONG_HASH}` }]
            : [],
        ),
      ),
  },
  {
    id: '6.3.9',
    title: 'Branch Categories',
    run: ({ document }) => outOfOrder(document.product_tree?.branches ?? [], '/product_tree/branches', 0),
  },
  {
    id: '6.3.10',
    title: 'Usage of Product Version Range',
    run: (context) =>
      namesOf(context, 'product_version_range', (name) => `${name} is a range, where versions can be listed`),
  },
  {
    id: '6.3.11',
    title: 'Usage of V as Version Indicator',
    run: (context) =>
      namesOf(context, 'product_version', (name) => (/^v\d/i.test(name) ? `${name} begins with v` : undefined)),
  },
];

function namesOf(
  { branches }: CsafContext,
  category: string,
  complaint: (name: string) => string | undefined,
): readonly Problem[] {
  return branches.flatMap(({ value, where }) => {
    const what = value.category === category ? complaint(value.name) : undefined;
    return what === undefined ? [] : [{ where: `${where}/name`, what }];
  });
}

/** @param passed how many of the three categories stand above, in their order */
function outOfOrder(branches: readonly CsafBranch[], where: string, passed: number): readonly Problem[] {
  return place(branches, where).flatMap((branch) => {
    const now = branch.value.category === ORDER_OF_CATEGORIES[passed] ? passed + 1 : passed;
    if (branch.value.product === undefined)
      return outOfOrder(branch.value.branches ?? [], `${branch.where}/branches`, now);
    if (now === ORDER_OF_CATEGORIES.length) return [];
    return [
      {
        where: branch.where,
        what: `has above it no ${ORDER_OF_CATEGORIES[now]} in the order ${ORDER_OF_CATEGORIES.join(', ')}`,
      },
    ];
  });
}

function hashes({ products }: CsafContext) {
  return products.flatMap(({ value, where }) =>
    place(value.product_identification_helper?.hashes, `${where}/product_identification_helper/hashes`).map((file) => ({
      algorithms: file.value.file_hashes.map(({ algorithm }) => algorithm.toLowerCase()),
      values: file.value.file_hashes.map((hash) => hash.value),
      where: `${file.where}/file_hashes`,
    })),
  );
}

function hashTest(
  id: string,
  title: string,
  complain: (algorithms: readonly string[], where: string) => readonly Problem[],
): CsafTest {
  return {
    id,
    title,
    run: (context) => hashes(context).flatMap(({ algorithms, where }) => complain(algorithms, where)),
  };
}

function onlyAlgorithm(weak: string, algorithms: readonly string[], where: string): readonly Problem[] {
  const isOnly = algorithms.every((algorithm) => algorithm.replaceAll('-', '') === weak);
  return isOnly ? [{ where, what: `has no hash but ${weak}` }] : [];
}
