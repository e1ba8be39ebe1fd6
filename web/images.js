// Stored pictures on their way to the screen: read by the engine's worker, decoded by stb_image in the photo
// worker, handed to ui.wasm as pixels. The worker ends when there has been nothing to do for a while.

const IDLE_MS = 3000;

// `readPicture(sha256)`: the stored Blob, or an error.
export const createImages = (ui, assets, readPicture) => {
  let worker = null;
  let idle = 0;
  const waiting = new Set();

  const finish = (slot) => {
    waiting.delete(slot);
    if (waiting.size > 0) return;
    idle = setTimeout(() => {
      worker?.terminate();
      worker = null;
    }, IDLE_MS);
  };

  const fail = (slot) => {
    ui.imageFailed(slot);
    finish(slot);
  };

  const start = () => {
    clearTimeout(idle);
    if (worker) return worker;
    worker = new Worker(assets.photoWorker);
    worker.onmessage = ({ data }) => {
      if (data.type === 'decoded') {
        ui.image(data.id, data.width, data.height, data.rgba);
        finish(data.id);
      } else if (data.type === 'failed') {
        fail(data.id);
      }
    };
    worker.onerror = () => {
      worker?.terminate();
      worker = null;
      for (const slot of [...waiting]) fail(slot);
    };
    return worker;
  };

  return {
    async request(slot, sha256, longEdge) {
      waiting.add(slot);
      clearTimeout(idle);
      try {
        const [blob, module] = await Promise.all([readPicture(sha256), assets.photoModule]);
        start().postMessage({ type: 'decode', id: slot, glueUrl: assets.photoGlue, module, blob, longEdge });
      } catch {
        fail(slot);
      }
    },
  };
};
