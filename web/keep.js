// What a phone wants seldom, loaded by storage.js when it does: the file that carries unsent reports to another
// phone (docs/storage-format.md, "Export"), texts to hand on, and the end of everything on this one.
//
// No archive is ever in memory: it is made of the stored Blobs, and read by slices of the File. One photo
// at a time is, for its sums.

const VERSION = 1;
const MOST_JSON = 4 << 20;
const MOST_FILE = 10 << 20;  // report::kMaxFileBytes
const PIECE = 1 << 20;
const END = 22 + 0xFFFF;     // kArchiveEndBytes
const LOCAL_HEADER = 30;
const STAGE = { ready: 2, reading: 3 };  // Carry::Stage in src/ui/app.h

const refuse = (problem) => Object.assign(new Error(problem), { problem });

// --- Sums -------------------------------------------------------------------------------------------

const CRC = new Int32Array(256).map((_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; ++bit) value = (value >>> 1) ^ (value & 1 ? 0xEDB88320 : 0);
  return value;
});
const crcOf = async (blob) => {
  let crc = -1;
  for (let at = 0; at < blob.size; at += PIECE) {
    for (const byte of new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer())) crc = (crc >>> 8) ^ CRC[(crc ^ byte) & 0xFF];
  }
  return ~crc >>> 0;
};
const sha256Of = async (blob) => Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())),
  (byte) => byte.toString(16).padStart(2, '0')).join('');

// --- archive.wasm -----------------------------------------------------------------------------------

const startArchive = async (url) => {
  const bytes = await (await fetch(url)).arrayBuffer();
  const wasm = await createArchiveModule({
    instantiateWasm: (imports, done) => {
      WebAssembly.instantiate(bytes, imports).then(({ instance }) => done(instance));
      return {};
    },
  });
  const input = (given) => wasm.HEAPU8.set(given, wasm._titik_archive_input(given.length));
  const output = (size) => wasm.HEAPU8.slice(wasm._titik_archive_output(), wasm._titik_archive_output() + size);
  const json = (size) => {
    const answer = JSON.parse(new TextDecoder().decode(output(size)));
    if (answer.error) throw refuse(answer.error);
    return answer;
  };
  return {
    add(name, size, crc, now) {
      input(new TextEncoder().encode(name));
      const header = wasm._titik_archive_add(name.length, size, crc,
        now.getHours() << 11 | now.getMinutes() << 5 | now.getSeconds() >> 1,
        now.getFullYear() - 1980 << 9 | now.getMonth() + 1 << 5 | now.getDate());
      if (header === 0) throw refuse('entries');
      return output(header);
    },
    finish: () => output(wasm._titik_archive_finish()),
    find(tail, fileSize) {
      input(tail);
      return json(wasm._titik_archive_find(tail.length, fileSize));
    },
    directory(bytesOfIt) {
      input(bytesOfIt);
      return json(wasm._titik_archive_directory(bytesOfIt.length));
    },
    dataAt(index, header) {
      input(header);
      return json(wasm._titik_archive_data_at(index, header.length)).at;
    },
  };
};

// --- The file, as people read it ----------------------------------------------------------------------

const two = (number) => String(number).padStart(2, '0');
const dateOf = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
const timeOf = (at) => `${dateOf(at)} ${two(at.getHours())}.${two(at.getMinutes())}`;
const KINDS = ['', 'Pengaduan', 'Permintaan informasi', 'Aspirasi'];
const STATES = { draf: 'draf, belum dikirim oleh penulisnya', diterima: 'sudah diterima kota, fotonya belum semua', perlu_perhatian: 'ditolak server, perlu diperbaiki' };

const readMe = (reports, folders, lost, now) => [
  'LAPORAN TITIK LAPOR YANG BELUM TERKIRIM', '',
  `Dibuat ${timeOf(now)}. Isinya data pribadi: berikan hanya kepada orang yang Anda percaya.`,
  'Di ponsel lain: buka Titik Lapor, Lainnya, Penyimpanan, "Buka berkas laporan". Jangan dipadatkan ulang.', '',
  ...reports.flatMap(({ draft, state }, index) => [
    `${index + 1}. ${draft.title || 'Tanpa judul'}`,
    `   Keadaan: ${STATES[state] ?? 'menunggu jaringan'}`,
    `   Jenis: ${KINDS[draft.classification]}${draft.category_id ? `, ${draft.category_id}` : ''}`,
    `   Ditulis: ${timeOf(new Date(draft.created_at))}${draft.incident_date ? `; kejadian ${draft.incident_date}` : ''}`,
    ...(draft.place ? [`   Tempat: ${draft.place.latitude}, ${draft.place.longitude} (±${Math.round(draft.place.accuracy_m)} m)`] : []),
    ...(draft.landmark ? [`   Patokan: ${draft.landmark}`] : []),
    ...(draft.is_anonymous ? ['   Anonim'] : [draft.reporter_name, draft.reporter_phone].filter(Boolean).map((one) => `   Pelapor: ${one}`)),
    ...(draft.is_secret ? ['   Rahasia'] : []),
    ...(draft.photos.length > 0 ? [`   Foto: ${draft.photos.length}, di ${folders[index]}/`] : []),
    ...(lost[index] > 0 ? [`   ${lost[index]} foto rusak di ponsel dan tidak ikut.`] : []),
    '', ...draft.content.split('\n').map((line) => `   ${line}`), '',
  ])].join('\r\n');

const folderName = (draft, index) => `laporan-${index + 1}-${draft.title.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').slice(0, 40)}`.replace(/-$/, '');

// `read(sha256)`: the stored blob, checked, or an error.
window.titikKeep = ({ ui, engine, assets, archiveUrl, read, listen }) => {
  const archive = startArchive(archiveUrl);
  let file = null;  // the one that is ready

  // --- Out ---
  // Every report that the city does not have, in the engine's own words (report_changed in src/engine/messages.h).
  const unsentReports = async () => {
    let rows = [];
    const details = new Map();
    listen((text) => {
      const event = JSON.parse(text);
      if (event.type === 'reports_changed') rows = event.reports;
      if (event.type === 'report_changed') details.set(event.report.draft.id, event.report);
    });
    // Start tells all of them, after its reply: the next reply comes after that.
    engine.command({ type: 'start' });
    await engine.command({ type: 'open_report', report_id: '' });
    listen(null);
    return rows.filter(({ state, photos_on_way: onWay }) => state !== 'diterima' || onWay).map(({ id }) => details.get(id)).map(({ draft, state }) => ({ draft, queued: ['antre', 'mengirim', 'diterima'].includes(state), state }));
  };
  const pack = async () => {
    const reports = await unsentReports();
    const zip = await archive;
    const now = new Date();
    const folders = reports.map(({ draft }, index) => folderName(draft, index));
    const lost = [];
    // 1. Every blob that a photo names, under a name that people can read.
    const files = [];
    for (const [index, { draft }] of reports.entries()) {
      const whole = [];
      for (const [number, photo] of draft.photos.entries()) {
        // What was covered stays on this phone.
        const { original_sha256: omitted, original_bytes: too, ...carried } = photo;
        const named = [['foto', photo.sha256], ['thumbnail', photo.thumbnail_sha256]];
        const blobs = await Promise.all(named.map(([, sha256]) => read(sha256).catch(() => null)));
        if (blobs.includes(null)) continue;  // damaged in the store: what is whole goes
        whole.push(carried);
        named.forEach(([name, sha256], part) => files.push({
          name: `${folders[index]}/${name}-${number + 1}.jpg`, sha256, bytes: blobs[part].size, blob: blobs[part],
        }));
      }
      lost.push(draft.photos.length - whole.length);
      draft.photos = whole;
    }
    // 2. laporan.json, BACA.txt, and the photos.
    const json = JSON.stringify({ format: 'titik-lapor', version: VERSION, exported_at: now.getTime(), reports,
      files: files.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })) }, null, 1);
    const parts = [];
    for (const { name, blob } of [{ name: 'laporan.json', blob: new Blob([json]) },
      { name: 'BACA.txt', blob: new Blob([readMe(reports, folders, lost, now)]) }, ...files]) {
      parts.push(zip.add(name, blob.size, await crcOf(blob), now), blob);
    }
    file = new File([...parts, zip.finish()], `titik-lapor-${dateOf(now)}.zip`, { type: 'application/zip' });
    ui.carried(STAGE.ready, file.size, navigator.canShare?.({ files: [file] }) ? 1 : 0, 0);
  };

  // Within a tap. A share that the person gives up is no failure.
  const give = async (one) => {
    if (navigator.canShare?.({ files: [one] })) {
      // Refused, as when the tap was too long ago: it is saved instead.
      const given = await navigator.share({ files: [one] }).then(() => true, ({ name }) => name === 'AbortError');
      if (given) return;
    }
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(one), download: one.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  const handOver = () => give(file);
  const share = ([name, text, link]) => give(new File([`${text}\n${new URL(link, location)}\n`], name, { type: 'text/plain' }));

  // --- In ---
  const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

  // A JPEG that decodes, by the photo module; the worker ends with the last.
  const checkPhotos = async (blobs) => {
    const module = await assets.photoModule;
    const worker = new Worker(assets.photoWorker);
    try {
      for (const [id, blob] of blobs.entries()) {
        const [first, second, third] = await bytesOf(blob.slice(0, 3));
        if (first !== 0xFF || second !== 0xD8 || third !== 0xFF) throw refuse('photo');
        await new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => {
            if (data.type === 'decoded') resolve();
            else if (data.type === 'failed') reject(refuse('photo'));
          };
          worker.onerror = () => reject(refuse('photo'));
          worker.postMessage({ type: 'decode', id, glueUrl: assets.photoGlue, module, blob, longEdge: 64 });
        });
      }
    } finally {
      worker.terminate();
    }
  };

  const readArchive = async (chosen) => {
    const zip = await archive;
    // 1. The directory, then where the bytes of each entry are.
    const place = zip.find(await bytesOf(chosen.slice(Math.max(0, chosen.size - END))), chosen.size);
    const entries = zip.directory(await bytesOf(chosen.slice(place.at, place.at + place.bytes)));
    const contents = new Map();
    for (const [index, { name, size, crc, at }] of entries.entries()) {
      const begin = zip.dataAt(index, await bytesOf(chosen.slice(at, at + LOCAL_HEADER)));
      const blob = chosen.slice(begin, begin + size, 'image/jpeg');
      if (await crcOf(blob) !== crc) throw refuse('crc');
      contents.set(name, blob);
    }
    // 2. What it says of itself.
    const json = contents.get('laporan.json');
    if (!json || json.size > MOST_JSON) throw refuse('laporan.json');
    const { format, version, reports, files } = JSON.parse(await json.text());
    if (format !== 'titik-lapor' || !Array.isArray(reports) || !Array.isArray(files)) throw refuse('laporan.json');
    if (version !== VERSION) throw refuse(version > VERSION ? 'newer' : 'laporan.json');
    // 3. Each photo is what its hash says, and a photo.
    const blobs = new Map();
    for (const { name, sha256, bytes } of files) {
      const blob = contents.get(name);
      if (!blob || blob.size !== bytes || blob.size > MOST_FILE || await sha256Of(blob) !== sha256) throw refuse('photo');
      blobs.set(sha256, blob);
    }
    await checkPhotos([...blobs.values()]);
    return { reports, blobs: Array.from(blobs, ([sha256, blob]) => ({ sha256, blob, report_id: '' })) };
  };

  const open = async (chosen) => {
    ui.carried(STAGE.reading, 0, 0, 0);
    let found;
    try {
      found = await readArchive(chosen);
    } catch (error) {
      throw error.problem ? error : refuse('broken');
    }
    // 4. All at once, or nothing. reports_imported tells the interface.
    const { error } = await engine.command({ type: 'import_reports', reports: JSON.stringify(found.reports) }, found.blobs);
    if (error) throw refuse(error.code);
  };

  // --- The end ---
  const deleted = (name) => new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = () => reject(refuse('storage'));
    // onblocked: a worker that was just ended closes its connection in a moment.
  });
  const erase = async () => {
    engine.stop();
    // Nobody begins anew meanwhile, neither a tab nor the service worker.
    await new Promise((resolve) => {
      if (!navigator.locks) resolve();
      else navigator.locks.request('titik-engine', { steal: true }, () => { resolve(); return new Promise(() => {}); }).catch(resolve);
    });
    const databases = (await indexedDB.databases?.()) ?? [{ name: 'titik' }, { name: 'titik-form' }];
    await Promise.all(databases.map(({ name }) => deleted(name)));
    for (const name of await caches.keys()) await caches.delete(name);
    for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
      for (const notification of (await registration.getNotifications?.()) ?? []) notification.close();
      await registration.periodicSync?.unregister('titik-news').catch(() => {});
      await registration.unregister();
    }
    sessionStorage.clear();
    localStorage.setItem('titik-erased', '1');  // so that the next line is told to other tabs, whatever was there
    localStorage.clear();
    // Anew, if it can be had; the old service worker is not asked, it would make its cache again.
    const begin = () => fetch('/titik/1/health', { cache: 'no-store' }).then(() => location.replace('/'));
    begin().catch(() => {
      const words = Object.assign(document.createElement('h1'), { textContent: window.titikFirst.words('@words:erased@') });
      words.setAttribute('role', 'status');
      document.body.replaceChildren(words);
      window.addEventListener('online', () => begin().catch(() => {}));
    });
  };

  return { pack, handOver, share, open, erase };
};
