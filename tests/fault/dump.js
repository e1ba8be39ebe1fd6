// Runs before anything of the app: reads all of IndexedDB in one transaction, so that what is read is
// what the life before left. window.titikDump() answers it; window.titikDumped is the first answer.
window.titikDump = async () => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open('titik');
    request.onupgradeneeded = () => request.transaction.abort();  // there is none: and none is made
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
  if (!database) return null;
  const found = await new Promise((resolve, reject) => {
    const transaction = database.transaction(['pages', 'meta', 'blobs']);
    const all = (store) => [transaction.objectStore(store).getAllKeys(), transaction.objectStore(store).getAll()];
    const requests = ['pages', 'meta', 'blobs'].map(all);
    transaction.oncomplete = () => resolve(requests.map(([keys, values]) => keys.result.map((key, i) => [key, values.result[i]])));
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
  const base64 = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  const [pages, meta, blobs] = found;
  const head = Object.fromEntries(meta).head;
  return {
    pageCount: head ? head.page_count : 0,
    pages: pages.map(([number, { data }]) => [number, base64(new Uint8Array(data))]),
    blobs: await Promise.all(blobs.map(async ([key, record]) => {
      const bytes = await new Response(record.blob).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      return { key, report_id: record.report_id, bytes: bytes.byteLength, sha256: Array.from(digest, (one) => one.toString(16).padStart(2, '0')).join('') };
    })),
  };
};
window.titikDumped = window.titikDump();
