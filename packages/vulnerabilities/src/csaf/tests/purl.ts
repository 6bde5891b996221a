import type { CsafTest } from '../csaf-test.ts';

/** Package URLs that identify products (CSAF 2.0 §6.1.13). */
export const PURL_TESTS: readonly CsafTest[] = [
  {
    id: '6.1.13',
    title: 'PURL',
    run: ({ products }) =>
      products.flatMap(({ value, where }) => {
        const purl = value.product_identification_helper?.purl;
        if (purl === undefined || !purl.includes('/@')) return [];
        return [{ where: `${where}/product_identification_helper/purl`, what: `${purl} is no package URL` }];
      }),
  },
];
