// Pieces of text that our fonts do not hold, drawn by the browser's own text (ui/widgets/foreign_text.h).

const LARGEST = 2048;  // pixels, of either side

export const createPieces = () => {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });

  // `size`: of the em, device pixels. Everything of the answer as PieceImage has it.
  return (text, size, weight) => {
    const prepare = () => {
      pen.font = `${weight} ${size}px system-ui, sans-serif`;
      pen.fillStyle = '#fff';
    };
    prepare();
    const box = pen.measureText(text);
    // One pixel around it: what is measured is the outline, what is drawn has soft edges.
    const left = Math.floor(-box.actualBoundingBoxLeft) - 1;
    const top = Math.ceil(box.actualBoundingBoxAscent) + 1;
    const width = Math.min(Math.ceil(box.actualBoundingBoxRight) + 1 - left, LARGEST);
    const height = Math.min(Math.ceil(box.actualBoundingBoxDescent) + 1 + top, LARGEST);
    canvas.width = width;
    canvas.height = height;
    prepare();  // a new size wipes the pen's state too
    pen.fillText(text, -left, top);
    const rgba = pen.getImageData(0, 0, width, height).data;
    // Drawn in white: what is not white has colours of its own (faint pixels are too coarse to tell).
    let coloured = false;
    for (let i = 0; i < rgba.length && !coloured; i += 4) {
      coloured = rgba[i + 3] > 128 && Math.min(rgba[i], rgba[i + 1], rgba[i + 2]) < 240;
    }
    return { left, top, width, height, advance: box.width, coloured, rgba };
  };
};
