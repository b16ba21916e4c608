// Reads {data, language} of a page and writes what the page's own code shows of every plan in it, in that
// language: the figures on top, and every community with its identity and its figures.
import { readFileSync } from "node:fs";

const PAGE = "../../feeder/render/assets/page";
const { speak } = await import(`${PAGE}/language.mjs`);
const { readPage } = await import(`${PAGE}/reading.mjs`);
const { communityTexts, mainFigures, planFacts } = await import(`${PAGE}/panel/figures.mjs`);

const { data, language } = JSON.parse(readFileSync(0, "utf-8"));
const page = readPage(data);
speak(page.languages.find(({ tag }) => tag === language));
const plans = page.plans.map((plan) => ({
  name: plan.id,
  facts: planFacts(page, plan),
  figures: Object.fromEntries(mainFigures(page, plan).map(({ name, ...told }) => [name, told])),
  communities: plan.communities.map((one) => {
    const { number, name, color } = one;
    return { number, name, color, ...communityTexts(page, plan, one) };
  }),
}));
console.log(JSON.stringify(plans));
