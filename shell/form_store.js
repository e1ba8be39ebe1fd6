// What the plain form keeps: an IndexedDB of its own, since the engine's is written by the engine alone.
//
// A record of "reports": {id, draft, photos, state, uploads, trackingId, problem, updatedAt}
//   draft    the draft of a save_draft command (src/engine/messages.h), without photos
//   photos   [{photo, blobs}]: the photo of an add_photo command, and [{sha256, blob}] of it and its thumbnail
//   state    'draft'; 'queued': to be sent; 'sending': a create was sent, so the server may have it;
//            'sent'; 'problem': refused, with the server's words in `problem`
//   uploads  SHA-256 → id the server gave the file
// "settings": the token and user_id of the form's own registration.
//
// localStorage 'titik-form' tells the full interface that something is left to be taken over.

const LEFT = 'titik-form';

const open = () => new Promise((resolve, reject) => {
  const request = indexedDB.open('titik-form', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('reports', { keyPath: 'id' });
    request.result.createObjectStore('settings');
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// Runs `use(store)` in one transaction, and answers its request's result when that is on the disk.
const run = async (name, mode, use) => {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode, { durability: 'strict' });
      const request = use(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('not stored'));
    });
  } finally {
    database.close();
  }
};

export const allRecords = async () => (await run('reports', 'readonly', (store) => store.getAll()))
  .sort((a, b) => b.updatedAt - a.updatedAt);

const noteWhatIsLeft = async () => {
  const left = (await allRecords()).some(({ state }) => state !== 'sent');
  if (left) localStorage.setItem(LEFT, '1');
  else localStorage.removeItem(LEFT);
};

export const putRecord = async (record) => {
  await run('reports', 'readwrite', (store) => store.put({ ...record, updatedAt: Date.now() }));
  await noteWhatIsLeft();
};
export const removeRecord = async (id) => {
  await run('reports', 'readwrite', (store) => store.delete(id));
  await noteWhatIsLeft();
};
export const readSetting = (name) => run('settings', 'readonly', (store) => store.get(name));
export const writeSetting = (name, value) => run('settings', 'readwrite', (store) => store.put(value, name));
