// IndexedDB for the engine's worker: docs/storage-format.md, "IndexedDB". Database `titik`, version 1.
// First of the parts that make engine_worker.js.
//
// Ownership: meta['owner'] holds a mark that each engine writes when it starts. Every later write
// reads it first, in its own transaction, and does nothing when another engine has started since: so
// an engine whose lock was stolen cannot write between the theft and the news of it, and there is one
// writer even where there are no Web Locks.
//
// Quirks:
//  - iOS may close the connection while the app sleeps ('close' event, or InvalidStateError on the next
//    use): it is opened again and the work done again, once.
//  - Safari's private mode before 17 cannot store Blobs (DataCloneError): the bytes are stored instead.
'use strict';

const StoreError = class extends Error {
  // code: 'storage' | 'corrupt' | 'newer' | 'other_owner' | 'missing'
  constructor(code, message) {
    super(message);
    this.code = code;
  }
};

const createStore = () => {
  const NAME = 'titik';
  const CHUNK = 128;  // pages read at a time: 1 MB
  const owner = crypto.getRandomValues(new Uint32Array(2)).join('-');
  let connection = null;
  let batch = null;

  const open = () => new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of ['pages', 'meta', 'blobs']) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      const opened = request.result;
      opened.onclose = () => { if (connection === opened) connection = null; };
      // A later version of the app wants to upgrade: let it, and open again when needed.
      opened.onversionchange = () => { opened.close(); if (connection === opened) connection = null; };
      resolve(opened);
    };
    request.onerror = () => {
      const newer = request.error && request.error.name === 'VersionError';
      reject(new StoreError(newer ? 'newer' : 'storage', String(request.error)));
    };
  });

  // Runs `work(transaction)` and resolves with what it returned once the transaction is complete.
  // `work` may call transaction.abort(); `work.refusal` then tells why.
  const attempt = (names, mode, work) => new Promise((resolve, reject) => {
    const transaction = connection.transaction(names, mode, { durability: 'strict' });
    const outcome = {};
    transaction.oncomplete = () => resolve(outcome.value);
    transaction.onabort = () => reject(outcome.refusal || new StoreError('storage', String(transaction.error)));
    try {
      work(transaction, outcome);
    } catch (error) {
      outcome.refusal = error;
      transaction.abort();
    }
  });

  const run = async (names, mode, work) => {
    for (let again = false; ; again = true) {
      if (!connection) connection = await open();
      const used = connection;
      try {
        return await attempt(names, mode, work);
      } catch (error) {
        const dead = connection !== used || (error && error.name === 'InvalidStateError');
        if (again || !dead) throw error;
        if (connection === used) connection = null;
      }
    }
  };

  // Like run('readwrite'), while we are the owner.
  const write = (names, work) => run([...new Set([...names, 'meta'])], 'readwrite', (transaction, outcome) => {
    const asked = transaction.objectStore('meta').get('owner');
    asked.onsuccess = () => {
      try {
        if (asked.result !== owner) throw new StoreError('other_owner', 'another engine has started');
        work(transaction, outcome);
      } catch (error) {
        outcome.refusal = error;
        transaction.abort();
      }
    };
  });

  const hex = (high, low) => high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');

  const sha256 = async (bytes) => {
    if (!crypto.subtle) return null;  // plain HTTP, other than localhost
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  };

  const putBlobs = async (blobs) => {
    const work = (asBytes) => (transaction, outcome) => {
      const store = transaction.objectStore('blobs');
      for (const record of asBytes || blobs) {
        store.put(record, record.sha256);
        const check = store.get(record.sha256);
        check.onsuccess = () => {
          const stored = check.result && check.result.blob;
          if (stored && (stored.size === undefined ? stored.byteLength : stored.size) === record.bytes) return;
          outcome.refusal = new StoreError('storage', 'a blob was not stored whole');
          transaction.abort();
        };
      }
    };
    try {
      await write(['blobs'], work(null));
    } catch (error) {
      if (!error || error.name !== 'DataCloneError') throw error;
      const asBytes = await Promise.all(blobs.map(async (one) => ({ ...one, blob: await one.blob.arrayBuffer() })));
      await write(['blobs'], work(asBytes));
    }
  };

  return {
    // Becomes the owner, and reads everything: takeHead(head), then takePage(number, sum, bytes) for
    // each page. Sums are handed on as [high, low].
    async load(takeHead, takePage) {
      await run(['meta'], 'readwrite', (transaction) => { transaction.objectStore('meta').put(owner, 'owner'); });
      const halves = (sum) => [parseInt(String(sum).slice(0, 8), 16) >>> 0, parseInt(String(sum).slice(8), 16) >>> 0];
      await run(['pages', 'meta'], 'readonly', (transaction, outcome) => {
        const head = transaction.objectStore('meta').get('head');
        head.onsuccess = () => {
          if (head.result && head.result.format !== 1) {
            outcome.refusal = new StoreError(head.result.format > 1 ? 'newer' : 'corrupt', 'format of the pages');
            return transaction.abort();
          }
          if (head.result) takeHead(head.result.commit, head.result.page_count, ...halves(head.result.sum));
        };
        const pages = transaction.objectStore('pages');
        const next = (after) => {
          const range = after === null ? null : IDBKeyRange.lowerBound(after, true);
          const keys = pages.getAllKeys(range, CHUNK);
          const values = pages.getAll(range, CHUNK);
          values.onsuccess = () => {
            for (let i = 0; i < values.result.length; ++i) {
              const page = values.result[i];
              if (!(page && page.data instanceof ArrayBuffer) || !Number.isInteger(keys.result[i])) {
                outcome.refusal = new StoreError('corrupt', `page ${keys.result[i]}`);
                return transaction.abort();
              }
              takePage(keys.result[i], ...halves(page.sum), new Uint8Array(page.data));
            }
            if (values.result.length === CHUNK) next(keys.result[CHUNK - 1]);
          };
        };
        next(null);
      });
    },

    // --- One batch of pages (engine_imports.h).
    pagesBegin(commit, pageCount, sumHigh, sumLow) {
      batch = { head: { commit, page_count: pageCount, sum: hex(sumHigh, sumLow), format: 1 }, pages: [] };
    },
    pagesPut(number, sumHigh, sumLow, data) { batch.pages.push([number, { data, sum: hex(sumHigh, sumLow) }]); },
    async pagesCommit() {
      const { head, pages } = batch;
      batch = null;
      await write(['pages'], (transaction) => {
        const store = transaction.objectStore('pages');
        for (const [number, page] of pages) store.put(page, number);
        store.delete(IDBKeyRange.lowerBound(head.page_count, true));
        transaction.objectStore('meta').put(head, 'head');
      });
    },

    // --- Blobs. `blobs`: [{sha256, blob, report_id}]; all are durable when it resolves, or none.
    async storeBlobs(blobs, now) {
      await putBlobs(blobs.map(({ sha256: key, blob, report_id }) =>
        ({ sha256: key, blob, bytes: blob.size, report_id: String(report_id || ''), at: now })));
    },
    // The blob, checked. StoreError 'missing' or 'corrupt'.
    async readBlob(key) {
      const record = await run(['blobs'], 'readonly', (transaction, outcome) => {
        const request = transaction.objectStore('blobs').get(key);
        request.onsuccess = () => { outcome.value = request.result; };
      });
      if (!record) throw new StoreError('missing', key);
      const bytes = record.blob instanceof ArrayBuffer ? record.blob : await record.blob.arrayBuffer();
      if (bytes.byteLength !== record.bytes) throw new StoreError('corrupt', key);
      const found = await sha256(bytes);
      if (found !== null && found !== key) throw new StoreError('corrupt', key);
      return new Blob([bytes]);
    },
    deleteBlobs(keys) {
      return write(['blobs'], (transaction) => {
        for (const key of keys) transaction.objectStore('blobs').delete(key);
      });
    },
    // [{sha256, at}] of all blobs. A cursor, so that no blob is held.
    listBlobs() {
      return run(['blobs'], 'readonly', (transaction, outcome) => {
        outcome.value = [];
        const request = transaction.objectStore('blobs').openCursor();
        request.onsuccess = () => {
          const cursor = request.result;
          if (!cursor) return;
          outcome.value.push({ sha256: String(cursor.key), at: Number(cursor.value.at) || 0 });
          cursor.continue();
        };
      });
    },
    sha256,
  };
};
