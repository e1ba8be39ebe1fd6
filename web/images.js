// Stored pictures on their way to the screen: read from IndexedDB, decoded by stb_image in the photo
// worker, handed to ui.wasm as pixels. The worker ends when there has been nothing to do for a while.

const IDLE_MS = 3000;

const readRecord = (sha256) => new Promise((resolve, reject) => {
  const open = indexedDB.open('titik');
  // The engine makes the database; when it is not there yet, neither is the picture.
  open.onupgradeneeded = () => open.transaction.abort();
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const database = open.result;
    const request = database.transaction('blobs').objectStore('blobs').get(sha256);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.transaction.oncomplete = request.transaction.onabort = () => database.close();
  };
});

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

// The picture as it was stored, or an error: size and hash are checked on every reading.
export const readPicture = async (sha256) => {
  const record = await readRecord(sha256);
  if (!record) throw new Error('not stored');
  const blob = record.blob instanceof Blob ? record.blob : new Blob([record.blob]);  // Safari 16, private
  const sum = hex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  if (blob.size !== record.bytes || sum !== sha256) throw new Error('damaged');
  return blob;
};

export const createImages = (ui, assets) => {
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
