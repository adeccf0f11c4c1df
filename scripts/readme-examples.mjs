/**
 * The complete programs in a Markdown text: fenced `js` blocks that import the package. They are run by a test and by the
 * pack test, so that the README cannot promise what does not work.
 * @param {string} markdown
 * @returns {string[]}
 */
export function readmeExamples(markdown) {
  return [...markdown.matchAll(/^```js\n([\s\S]*?)^```$/gm)]
    .map(([, code]) => code)
    .filter((code) => /^import .* from 'parallevm'$/m.test(code))
}
