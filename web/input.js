// Fingers, mouse and wheel on their way to ui.wasm.
//
// Listeners on `root`, for the life of the page: pointerdown, pointermove, pointerup, pointercancel,
// wheel. Pointers that begin in a field with the focus are the browser's: they set the caret.

const DOWN = 0;
const MOVE = 1;
const UP = 2;
const CANCEL = 3;

export const listenToInput = (root, ui, semantics) => {
  const down = new Set();

  const inFocusedField = (target) => target.classList?.contains('field') && target === document.activeElement;

  const send = (phase, event) => {
    const drag = ui.pointer(phase, event.pointerId, event.clientX - root.offsetLeft, event.clientY, performance.now() / 1000);
    if (drag || phase === DOWN) semantics.setDrag(drag);
  };

  root.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || inFocusedField(event.target)) return;
    down.add(event.pointerId);
    send(DOWN, event);
  });
  root.addEventListener('pointermove', (event) => {
    if (!down.has(event.pointerId)) return;
    // All positions since the last frame, so that a fling has the finger's true speed.
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length > 0 ? moves : [event]) send(MOVE, move);
  });
  const end = (phase) => (event) => {
    if (down.delete(event.pointerId)) send(phase, event);
  };
  root.addEventListener('pointerup', end(UP));
  root.addEventListener('pointercancel', end(CANCEL));

  root.addEventListener('wheel', (event) => {
    if (inFocusedField(event.target) && event.target.scrollHeight > event.target.clientHeight) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 20 : event.deltaMode === 2 ? root.clientHeight : 1;
    ui.wheel(event.clientX - root.offsetLeft, event.clientY, event.deltaX * unit, event.deltaY * unit, event.ctrlKey);
  }, { passive: false });
};
