import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareAnswers } from '../../../bench/engines/compare-answers.ts';
import { ratioOf } from '../../../bench/engines/ratios.ts';

test('ratios are taken round by round', () => {
  // The ratio of the medians would be 1, that of the minima 0.5.
  assert.deepEqual(ratioOf([1, 20, 3], [2, 10, 30]), { median: 0.5, min: 0.1 });
  assert.throws(() => ratioOf([1, 2], [1]), /no pairs/);
  assert.throws(() => ratioOf([], []), /no pairs/);
});

test('answers are held against how much they vary over the pictures', () => {
  const expected = [
    [-2, 10],
    [2, 14],
  ];
  assert.deepEqual(compareAnswers(expected, expected), { deviation: 2, farthest: 0 });
  const found = [
    [-2, 10.5],
    [2, 14],
  ];
  assert.equal(compareAnswers(found, expected).farthest, 0.5);
});

test('an answer that is no number, or is missing, passes no comparison', () => {
  assert.ok(Number.isNaN(compareAnswers([[NaN], [1]], [[0], [1]]).farthest));
  assert.ok(Number.isNaN(compareAnswers([[NaN], [9]], [[0], [1]]).farthest));
  assert.throws(() => compareAnswers([[1]], [[1], [2]]), /beside/);
  assert.throws(() => compareAnswers([[]], [[]]), /beside/);
});
