import { checkModel } from "@/scripts/checks/model";

/** `npm run model [words…]`: the checks whose title holds one of the words, or all of them. */
const { passed, failed } = await checkModel(process.argv.slice(2));
console.info(`model: ${passed} checks passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
