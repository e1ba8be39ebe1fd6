// IndexedDB for the engine's worker: docs/storage-format.md, "IndexedDB". Database `titik`.
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
//  - After a transaction that found the phone full, Firefox (153) lets the next one only delete: its put()
//    throws InvalidStateError. As above.
//  - Evicted by the browser, or by the citizen, while we run: 'close', and then an empty database. It is
//    written anew from the engine's memory.
//  - Private modes that have no IndexedDB or refuse it: everything is kept here, in memory.
//  - Safari's private mode before 17 cannot store Blobs (DataCloneError): the bytes are stored instead.
'use strict';

const StoreError = class extends Error {
  // code: 'storage' | 'full' | 'corrupt' | 'newer' | 'other_owner' | 'missing' | 'lost'
  constructor(code, message) {
    super(message);
    this.code = code;
  }
};

// `onClose`: the connection was closed, not by us.
const createStore = (onClose) => {
  const NAME = 'titik';
  const STORES = ['pages', 'meta', 'blobs', 'aside'];
  const CHUNK = 128;  // pages read at a time: 1 MB
  const owner = crypto.getRandomValues(new Uint32Array(2)).join('-');
  let connection = null;
  let batch = null;
  let replaced;          // whose database it was, as long as a full phone keeps us from saying that it is ours
  let readOnly = false;  // the database is of a newer version
  let memory = null;     // blobs, where there is no IndexedDB

  // The number of IndexedDB's version only counts how often object stores were added.
  const open = (version) => new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, version);
    const missing = () => STORES.filter((name) => !request.result.objectStoreNames.contains(name));
    request.onupgradeneeded = () => {
      for (const name of missing()) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      const opened = request.result;
      if (missing().length > 0) {
        opened.close();
        return resolve(open(opened.version + 1));
      }
      opened.onclose = () => {
        if (connection === opened) connection = null;
        onClose();
      };
      // A later version of the app wants to upgrade: let it, and open again when needed.
      opened.onversionchange = () => { opened.close(); if (connection === opened) connection = null; };
      return resolve(opened);
    };
    request.onerror = () => reject(new StoreError('storage', String(request.error)));
  });

  // One step of a transaction: what it throws ends the transaction, and is the answer.
  const step = (transaction, outcome, work) => {
    try {
      work(transaction, outcome);
    } catch (error) {
      outcome.refusal = error;
      transaction.abort();
    }
  };

  // Runs `work(transaction)` and resolves with what it returned once the transaction is complete.
  // `work` may call transaction.abort(); `work.refusal` then tells why.
  const attempt = (names, mode, work) => new Promise((resolve, reject) => {
    const transaction = connection.transaction(names, mode, { durability: 'strict' });
    const outcome = {};
    transaction.oncomplete = () => resolve(outcome.value);
    transaction.onabort = () => {
      const full = transaction.error && transaction.error.name === 'QuotaExceededError';
      reject(outcome.refusal || new StoreError(full ? 'full' : 'storage', String(transaction.error)));
    };
    step(transaction, outcome, work);
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

  // Like run('readwrite'), while we are the owner. Where there is no owner any more, everything was
  // evicted, and it is ours again.
  const write = (names, work) => run([...new Set([...names, 'meta'])], 'readwrite', (transaction, outcome) => {
    const meta = transaction.objectStore('meta');
    const asked = meta.get('owner');
    asked.onsuccess = () => step(transaction, outcome, () => {
      if (readOnly) throw new StoreError('newer', 'read only');
      if (asked.result === undefined || asked.result === replaced) meta.put(owner, 'owner');
      else if (asked.result !== owner) throw new StoreError('other_owner', 'another engine has started');
      work(transaction, outcome);
    });
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

  // Puts `pages` and their head; in place of all that is there, which is set aside, when they are the whole
  // database and not a part of it.
  const putPages = (transaction, outcome, { head, pages, whole }) => {
    const store = transaction.objectStore('pages');
    const meta = transaction.objectStore('meta');
    const put = () => {
      for (const [number, page] of pages) store.put(page, number);
      store.delete(IDBKeyRange.lowerBound(head.page_count, true));
      meta.put(head, 'head');
    };
    const aside = transaction.objectStore('aside');
    const at = Date.now();
    const old = meta.get('head');
    old.onsuccess = () => step(transaction, outcome, () => {
      if (!whole && old.result) return put();
      if (!whole) throw new StoreError('lost', 'evicted');
      if (old.result) aside.put(old.result, [at, 'head']);
      const cursors = store.openCursor();
      cursors.onsuccess = () => step(transaction, outcome, () => {
        const cursor = cursors.result;
        if (cursor) {
          aside.put(cursor.value, [at, 'page', cursor.key]);
          return cursor.continue();
        }
        store.clear();
        return put();
      });
      return undefined;
    });
  };

  return {
    // Becomes the owner, and reads everything there is, damaged or not: takeHead(head), then
    // takePage(number, sum, bytes) for each page. Sums are handed on as [high, low]. A database of a schema
    // above `newest` is left without a new owner, unless it is to be set aside.
    async load(newest, setAside, takeHead, takePage) {
      if (memory) return;
      try {
        connection = connection || await open();
      } catch (error) {
        memory = new Map();
        return;
      }
      await run(['meta', 'pages'], 'readwrite', (transaction) => {
        transaction.objectStore('meta').get('owner').onsuccess = ({ target }) => { replaced = target.result; };
        const first = transaction.objectStore('pages').get(1);
        first.onsuccess = () => {
          const data = first.result && first.result.data;
          // user_version, in the header of SQLite's files
          const version = data instanceof ArrayBuffer && data.byteLength > 64 ? new DataView(data).getUint32(60) : 0;
          readOnly = version > newest && !setAside;
          if (!readOnly) transaction.objectStore('meta').put(owner, 'owner');
        };
      }).then(() => { replaced = undefined; }, (error) => {
        if (error.code !== 'full') throw error;
      });
      const halves = (sum) => [parseInt(String(sum).slice(0, 8), 16) >>> 0, parseInt(String(sum).slice(8), 16) >>> 0];
      await run(['pages', 'meta'], 'readonly', (transaction, outcome) => {
        const head = transaction.objectStore('meta').get('head');
        head.onsuccess = () => {
          if (head.result && head.result.format > 1) {
            outcome.refusal = new StoreError('newer', 'format of the pages');
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
              if (!(page && page.data instanceof ArrayBuffer)) continue;  // as if it were missing
              takePage(keys.result[i], ...halves(page.sum), new Uint8Array(page.data));
            }
            if (values.result.length === CHUNK) next(keys.result[CHUNK - 1]);
          };
        };
        next(null);
      });
    },

    // --- One batch of pages (engine_imports.h).
    pagesBegin(commit, pageCount, sumHigh, sumLow, whole) {
      batch = { whole, head: { commit, page_count: pageCount, sum: hex(sumHigh, sumLow), format: 1 }, pages: [] };
    },
    pagesPut(number, sumHigh, sumLow, data) { batch.pages.push([number, { data, sum: hex(sumHigh, sumLow) }]); },
    async pagesCommit() {
      const made = batch;
      batch = null;
      if (!memory) await write(['pages', 'aside'], (transaction, outcome) => putPages(transaction, outcome, made));
    },

    // --- Blobs. `blobs`: [{sha256, blob, report_id}]; all are durable when it resolves, or none.
    async storeBlobs(blobs, now) {
      const records = blobs.map(({ sha256: key, blob, report_id }) =>
        ({ sha256: key, blob, bytes: blob.size, report_id: String(report_id || ''), at: now }));
      if (memory) for (const record of records) memory.set(record.sha256, record);
      else await putBlobs(records);
    },
    // The blob, checked. StoreError 'missing' or 'corrupt'.
    async readBlob(key) {
      const record = memory ? memory.get(key) : await run(['blobs'], 'readonly', (transaction, outcome) => {
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
    async deleteBlobs(keys) {
      if (memory) for (const key of keys) memory.delete(key);
      else await write(['blobs'], (transaction) => {
        for (const key of keys) transaction.objectStore('blobs').delete(key);
      });
    },
    // [{sha256, bytes, report_id, at}] of all blobs. A cursor, so that no blob is held.
    listBlobs() {
      return memory ? [] : run(['blobs'], 'readonly', (transaction, outcome) => {
        outcome.value = [];
        const request = transaction.objectStore('blobs').openCursor();
        request.onsuccess = () => {
          const cursor = request.result;
          if (!cursor) return;
          const { bytes, report_id, at } = cursor.value;
          outcome.value.push({ sha256: String(cursor.key), bytes, report_id, at: Number(at) || 0 });
          cursor.continue();
        };
      });
    },
    sha256,
    // Nothing is under way, and nothing follows.
    close() { if (connection) connection.close(); },
    get inMemory() { return memory !== null; },
  };
};
