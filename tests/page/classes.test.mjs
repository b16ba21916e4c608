// Classes of a choropleth: round bounds that keep the classes apart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { classBounds, classOf } from "../../feeder/render/assets/page/map/classes.mjs";

test("quintiles are rounded as far as they stay apart", () => {
  const values = Array.from({ length: 101 }, (_, k) => 3.07 * k);
  assert.deepEqual(classBounds(values), { bounds: [60, 120, 180, 240], decimals: 0 });
});

test("shares keep the decimals that tell them apart", () => {
  const values = Array.from({ length: 50 }, (_, k) => 0.9 + k / 1000);
  const { bounds, decimals } = classBounds(values);
  assert.equal(decimals, 3);
  assert.deepEqual(bounds, [0.91, 0.92, 0.93, 0.94]);
});

test("every class of many different values holds something", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 200; round += 1) {
    const values = Array.from({ length: 20 + round }, () => 10 ** (4 * random()) - 30);
    const { bounds } = classBounds(values);
    assert.equal(bounds.length, 4);
    const counts = [0, 0, 0, 0, 0];
    for (const value of values) counts[classOf(value, bounds)] += 1;
    assert.ok(counts.every((count) => count > 0), `${counts} of ${bounds}`);
    assert.deepEqual([...bounds].sort((a, b) => a - b), bounds);
  }
});

test("equal values are one class, two values are two", () => {
  assert.deepEqual(classBounds([4, 4, 4]).bounds, []);
  const { bounds } = classBounds([1, 1, 1, 9, 9, 9]);
  assert.equal(bounds.length >= 1, true);
  assert.notEqual(classOf(1, bounds), classOf(9, bounds));
});

test("a value at a bound belongs to the class above it", () => {
  assert.equal(classOf(10, [10, 20]), 1);
  assert.equal(classOf(9.99, [10, 20]), 0);
});
