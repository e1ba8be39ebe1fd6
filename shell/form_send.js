// Sends the plain form's reports where there is no engine to do it: the steps of docs/sync-protocol.md,
// "Delivering a report", as far as one page needs them. The report's id is the Idempotency-Key, so that
// whatever is repeated makes one report.
//
// Listeners on window, for the life of the page: online.
import { allRecords, putRecord, readSetting, writeSetting } from './form_store.js';

const SHORTEST_WAIT = 5_000;
const LONGEST_WAIT = 15 * 60_000;

// What an answer means: done, wait (and try again), or refused for good.
class Wait extends Error {
  constructor(retryAfter) {
    super('wait');
    this.retryAfter = Number(retryAfter) * 1000 || 0;
  }
}
class Refused extends Error {}

const ask = async (method, url, headers, body) => {
  let answer;
  try {
    answer = await fetch(url, { method, headers: { Accept: 'application/json', ...headers }, body, credentials: 'omit', redirect: 'error' });
  } catch {
    throw new Wait();
  }
  const { status } = answer;
  if (status >= 500 || [401, 408, 425, 429].includes(status)) {
    if (status === 401) await writeSetting('device', null);
    throw new Wait(answer.headers.get('Retry-After'));
  }
  let json;
  try {
    json = JSON.parse(await answer.text());
  } catch {
    throw new Wait();  // a captive portal
  }
  return { status, json };
};

const createBody = ({ draft, photos, uploads }, profile, userId) => {
  const { place, classification, category_id: category, ...words } = draft;
  const identified = !draft.is_anonymous && (draft.reporter_name !== '' || draft.reporter_phone !== '');
  return {
    title: words.title, content: words.content, channel: profile.channel,
    is_new_user_slider: identified, is_inbox: true, is_disposisi_slider: false,
    classification_id: classification, category_id: profile.categories.find(({ id }) => id === category).lapor_category_id,
    copy_externals: '[]', info_disposition: '', info_attachments: '[]', tags_raw: '', is_approval: false,
    is_anonymous: draft.is_anonymous, is_secret: draft.is_secret, is_priority: false,
    attachments: `[${photos.map(({ photo }) => uploads[photo.sha256]).join(',')}]`,
    ...(identified ? { nameUser: draft.reporter_name, phoneUser: draft.reporter_phone, emailUser: '' } : { user_id: userId }),
    ...(draft.incident_date ? { date_of_incident: draft.incident_date } : {}),
    ...(place ? { latitude: place.latitude, longitude: place.longitude } : {}),
    titik: {
      report_id: draft.id, category, landmark: draft.landmark, created_at: draft.created_at,
      photos: photos.map(({ photo: { sha256, bytes, width, height, origin } }) => ({ sha256, bytes, width, height, origin })),
      ...(place ? { accuracy_m: place.accuracy_m, place_source: place.source, place_at: place.at } : {}),
    },
  };
};

// `changed()`: a record's state is another. `now()` tries all that wait.
export const createSender = (profile, changed) => {
  const base = profile.lapor_base_path;
  const channel = { [profile.token_header || 'token']: `{${profile.channel_token}}` };
  let running = false;
  let again = false;
  let timer = 0;
  let failures = 0;

  const device = async () => {
    const known = await readSetting('device');
    if (known) return known;
    const { status, json } = await ask('POST', '/titik/1/devices', channel);
    if (status >= 300 || !json.token) throw new Wait();
    await writeSetting('device', json);
    return json;
  };
  const keep = async (record, change) => {
    Object.assign(record, change);
    await putRecord(record);
    changed();
  };
  const receive = (record, json) => {
    const { titik = {} } = json;
    const hashes = record.photos.map(({ photo }) => photo.sha256).join();
    if (titik.report_id !== record.id || (titik.photo_sha256 ?? []).join() !== hashes) throw new Refused('Jawaban kota tidak cocok dengan laporan ini.');
    return keep(record, { state: 'sent', trackingId: String(titik.tracking_id), problem: '', photos: [] });  // the city has them
  };

  const deliver = async (record) => {
    const { token, user_id: userId } = await device();
    const headers = { ...channel, [profile.auth_header || 'Authorization']: `Bearer ${token}` };
    // 3. After a create whose answer was never seen: ask before sending again.
    if (record.state === 'sending') {
      const { status, json } = await ask('GET', `/titik/1/reports/${record.id}`, headers);
      if (status === 200) return receive(record, json);
    }
    // 4. Each photo that has no upload id.
    for (const { photo, blobs } of record.photos) {
      if (record.uploads[photo.sha256]) continue;
      const form = new FormData();
      form.append('attachments[]', blobs[0].blob, `${photo.sha256.slice(0, 16)}.jpg`);
      const { status, json } = await ask('POST', `${base}/complaints/complaint/file`, headers, form);
      if (status >= 300) throw new Refused(json.message ?? '');
      const file = json.results.images[0];
      if (file.sha256 && file.sha256 !== photo.sha256) throw new Wait();
      await keep(record, { uploads: { ...record.uploads, [photo.sha256]: String(file.id) } });
    }
    // 5. From here on the server may have it, whatever is heard.
    await keep(record, { state: 'sending' });
    const { status, json } = await ask('POST', `${base}/complaints/complaint`,
      { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': record.id }, JSON.stringify(createBody(record, profile, userId)));
    if (status < 300) return receive(record, json);
    // The server forgot the uploads: they are made again.
    if ((json.errors ?? []).some(({ field }) => field === 'attachments') && !record.uploadedAgain) {
      await keep(record, { uploads: {}, uploadedAgain: true });
      throw new Wait();
    }
    throw new Refused(json.message ?? '');
  };

  const round = async () => {
    let retryAfter = -1;
    for (const record of (await allRecords()).reverse()) {
      if (record.state !== 'queued' && record.state !== 'sending') continue;
      try {
        await deliver(record);
        failures = 0;
      } catch (error) {
        if (error instanceof Refused) await keep(record, { state: 'problem', problem: error.message });
        else retryAfter = Math.max(retryAfter, error.retryAfter ?? 0);
      }
    }
    clearTimeout(timer);
    if (retryAfter < 0) return;
    const ceiling = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** failures++);
    timer = setTimeout(now, retryAfter || 1000 + Math.random() * ceiling);
  };
  const now = async () => {
    again = running;
    if (running) return;
    running = true;
    do {
      again = false;
      // One page at a time, or two would upload the same photo.
      if (navigator.locks) await navigator.locks.request('titik-form', round);
      else await round();
    } while (again);
    running = false;
  };
  window.addEventListener('online', now);
  return { now };
};
