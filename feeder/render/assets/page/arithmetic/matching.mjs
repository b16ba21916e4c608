// The assignment problem, exactly.

/**
 * Returns the column that each row is matched with so that the sum of the weights is largest (the
 * Hungarian method, by shortest augmenting paths); -1 where there are more rows than columns.
 */
export function bestMatching(weights, nColumns) {
  const size = Math.max(weights.length, nColumns);
  const weight = new Float64Array(size * size);
  weights.forEach((row, at) => weight.set(row, at * size));
  const rowPrice = new Float64Array(size + 1);
  const columnPrice = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1); // rows and columns count from 1; 0 is none
  for (let row = 1; row <= size; row += 1) {
    const way = new Int32Array(size + 1);
    const slack = new Float64Array(size + 1).fill(Infinity);
    const done = new Uint8Array(size + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      done[column] = 1;
      const at = rowOf[column];
      let step = Infinity;
      let next = 0;
      for (let j = 1; j <= size; j += 1) {
        if (done[j]) continue;
        const reduced = -weight[(at - 1) * size + j - 1] - rowPrice[at] - columnPrice[j];
        if (reduced < slack[j]) {
          slack[j] = reduced;
          way[j] = column;
        }
        if (slack[j] < step) {
          step = slack[j];
          next = j;
        }
      }
      for (let j = 0; j <= size; j += 1) {
        if (done[j]) {
          rowPrice[rowOf[j]] += step;
          columnPrice[j] -= step;
        } else {
          slack[j] -= step;
        }
      }
      column = next;
    } while (rowOf[column]);
    for (; column; column = way[column]) rowOf[column] = rowOf[way[column]];
  }
  const match = new Int32Array(weights.length).fill(-1);
  for (let column = 1; column <= nColumns; column += 1) {
    if (rowOf[column] >= 1 && rowOf[column] <= match.length) match[rowOf[column] - 1] = column - 1;
  }
  return match;
}
