// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where tiles go: the same rule as the app's. Pure.

const GAP = 8;
const MAX_RATIO = 16 / 9;
const NARROW = 600;
const STRIP_MAX = 115;

// The size of equal tiles for so many people, and how many columns. width, height: of the area, in pixels. stageWidth: of all of it.
export function measureGrid(count, width, height, stageWidth = width) {
  const minRatio = stageWidth < NARROW ? 3 / 4 : 4 / 3;
  let best = { columns: 1, width: 0, height: 0, score: -1, rows: 1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    let w = (width - (columns - 1) * GAP) / columns;
    let h = (height - (rows - 1) * GAP) / rows;
    if (w <= 0 || h <= 0)
      continue;
    if (w / h > MAX_RATIO)
      w = h * MAX_RATIO;
    if (w / h < minRatio)
      h = w / minRatio;
    const score = w * h * (1 - 0.03 * (columns * rows - count));
    if (score > best.score + 1e-9 || (Math.abs(score - best.score) <= 1e-9 && rows < best.rows))
      best = { columns, rows, width: w, height: h, score };
  }
  return best;
}

// Rectangles {x, y, width, height}, one for each, in an area; the last row stands in the middle. rtl: from the right.
export function layOutGrid(count, area, stageWidth = area.width, rtl = false) {
  const { columns, rows, width, height } = measureGrid(count, area.width, area.height, stageWidth);
  const top = area.y + (area.height - rows * height - (rows - 1) * GAP) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const column = index % columns;
    const left = area.x + (area.width - inRow * width - (inRow - 1) * GAP) / 2;
    const place = rtl ? inRow - 1 - column : column;
    return { x: left + place * (width + GAP), y: top + row * (height + GAP), width, height };
  });
}

// One large, the others (count) in a strip beside it, below it on a narrow stage.
export function layOutSpeaker(count, area, stageWidth = area.width, rtl = false) {
  if (count === 0)
    return [{ ...area }];
  if (stageWidth < NARROW) {
    const height = Math.min(STRIP_MAX, area.height / 4);
    const width = Math.min(height * 4 / 3, (area.width - (count - 1) * GAP) / count);
    const left = area.x + (area.width - count * width - (count - 1) * GAP) / 2;
    const main = { x: area.x, y: area.y, width: area.width, height: area.height - height - GAP };
    return [main, ...Array.from({ length: count }, (_, n) => ({
      x: left + (rtl ? count - 1 - n : n) * (width + GAP), y: area.y + area.height - height, width, height }))];
  }
  const height = Math.min(STRIP_MAX, (area.height - GAP * (count - 1)) / count);
  const width = height * MAX_RATIO;
  const top = area.y + (area.height - count * height - (count - 1) * GAP) / 2;
  const main = { x: rtl ? area.x + width + GAP : area.x, y: area.y, width: area.width - width - GAP, height: area.height };
  return [main, ...Array.from({ length: count }, (_, n) => ({
    x: rtl ? area.x : area.x + area.width - width, y: top + n * (height + GAP), width, height }))];
}
