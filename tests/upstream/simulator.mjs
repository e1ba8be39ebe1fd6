// A stand-in for SP4N-LAPOR!'s integration interface as observed in public clients (docs/api.md, docs/upstream.md),
// with its oddities. It is a program of its own, so that the link is tested over real HTTP; its state is in memory.
//
//   node tests/upstream/simulator.mjs --port 0 --control-port 0 [--tls FOLDER]
//
// --tls: https on localhost, with key.pem and cert.pem of that folder.
//
// Prints one line of JSON with both ports. What tests do to it goes to the control port (control.mjs), which
// stays open while the interface is down.
//
// Oddities: the number of a new complaint is told in one of three places, in turn, as text or as a number; errors
// hold a `message` alone; a new follow-up is answered without its id; threads come newest first, in pages of three;
// attachments are an object with keys "0", "1" and "docs"; texts come back with their white space folded; logs are
// templates with placeholders; times are local and day first; a detail is an object or a list of one.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { pathToFileURL } from 'node:url';
import { control } from './control.mjs';

export const BASE = '/lapor/3.0.0';
export const BEARER = 'rahasia-uji-bearer';
export const TOKEN = '{0A1B2C3D-4E5F-4A6B-8C7D-9E0F1A2B3C4D}';
const PAGE = 3;
const ZONE_MS = 7 * 3600 * 1000;  // WIB

const two = (number) => String(number).padStart(2, '0');
// dd-mm-YYYY HH:MM:SS, local.
export const localTime = (ms) => {
  const at = new Date(ms + ZONE_MS);
  return `${two(at.getUTCDate())}-${two(at.getUTCMonth() + 1)}-${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
};

const folded = (text) => String(text ?? '').replace(/\s+/g, ' ').trim();

const bodyOf = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
};

// A string with a list, perhaps with a dot behind it; a list; false; null.
const idsOf = (attachments) => {
  if (attachments === false || attachments === null || attachments === undefined) return [];
  const list = typeof attachments === 'string' ? JSON.parse(attachments.replace(/\.+$/, '') || '[]') : attachments;
  if (!Array.isArray(list)) throw new Error('Lampiran tidak sah');
  return list.map(String);
};

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Simulator {
  constructor() {
    this.institutions = new Map([['101', 'Dinas Pekerjaan Umum dan Penataan Ruang'], ['102', 'Dinas Perhubungan'], ['900', 'Kementerian PUPR']]);
    this.complaints = new Map();
    this.files = new Map();  // id -> {bytes, mime, name, sha256}
    this.nextId = 1_500_001;
    this.nextFile = 900_001;
    this.nextFollowUp = 40_001;
    this.created = 0;
    this.requests = [];      // "METHOD /path" of each request to the interface
    this.trouble = [];       // what to do to coming requests: {match, times, status, delay, redirect, size, after}
    this.origin = '';
  }

  name(id) { return this.institutions.get(String(id)) ?? 'SP4N-LAPOR!'; }

  addComplaint(fields, source) {
    const id = String(this.nextId++);
    const complaint = { id, source, fields, title: folded(fields.title), content: folded(fields.content), created: Date.now(),
      status: 'Belum Terverifikasi', disposition: fields.disposition_id ? String(fields.disposition_id) : '', logs: [], thread: [],
      attachments: idsOf(fields.attachments) };
    for (const file of complaint.attachments) if (!this.files.has(file)) throw new Refused(422, `Berkas ${file} tidak ada`);
    this.complaints.set(id, complaint);
    this.log(complaint, 'Laporan baru dengan status {{status_new}}', { status_new: { name: complaint.status, color: '#aaaaaa' } });
    if (complaint.disposition) this.dispose(complaint, complaint.disposition);
    return complaint;
  }

  log(complaint, content, entry = {}) {
    complaint.logs.push({ content, date: localTime(Date.now()), ...entry });
  }

  setStatus(complaint, name) {
    this.log(complaint, 'Status diubah dari {{ status_old }} menjadi {{status_new_link}}',
      { status_old: { name: complaint.status, color: '#aaaaaa' }, status_new: { name, color: '#00aa00' } });
    complaint.status = name;
  }

  dispose(complaint, to, from = '') {
    complaint.disposition = String(to);
    this.log(complaint, '{{institution_from_link}} meneruskan laporan ke {{ institution_to }}',
      { institution_from_name: from ? this.name(from) : 'Admin LAPOR!', institution_to_name: this.name(to) });
    this.addFollowUp(complaint, { institution_from: from || '1', institution_to: to, template_code: 'disposition',
      template_content: 'Laporan diteruskan ke {{institution_to}}', content: '' });
  }

  addFollowUp(complaint, { institution_from = '', institution_to = '', template_code = '', template_content = '', content = '', files = [], by = 'there', rating = 0 }) {
    const id = String(this.nextFollowUp++);
    complaint.thread.push({ id, by, institution_from: String(institution_from), institution_to: String(institution_to), template_code, template_content,
      content: folded(content), files, rating, at: Date.now() });
    return id;
  }

  addFile(bytes, mime, name) {
    const id = String(this.nextFile++);
    this.files.set(id, { bytes, mime, name, sha256: createHash('sha256').update(bytes).digest('hex') });
    return id;
  }

  // --- What the interface answers -----------------------------------------------------------------

  institutionList() {
    return { results: { data: [...this.institutions].map(([id, name]) => ({ id: Number(id), name })) } };
  }

  async takeFiles(request) {
    const form = await new Response(await bodyOf(request), { headers: { 'Content-Type': request.headers['content-type'] ?? '' } }).formData();
    const images = [];
    const docs = [];
    for (const file of form.getAll('attachments[]')) {
      const bytes = Buffer.from(await file.arrayBuffer());
      if (bytes.length > 2 * 1024 * 1024) throw new Refused(422, 'Ukuran berkas paling besar 2 MB');
      const id = Number(this.addFile(bytes, file.type, file.name));
      (file.type === 'application/pdf' ? docs : images).push({ id });
    }
    return { results: { images, docs } };
  }

  create(body) {
    let fields;
    try { fields = JSON.parse(body.toString()); } catch { throw new Refused(400, 'Permintaan tidak terbaca'); }
    if (!fields.title || !fields.content) throw new Refused(422, 'Judul dan isi wajib diisi');
    if (!fields.is_new_user_slider && !fields.user_id) throw new Refused(422, 'user_id wajib diisi');
    const complaint = this.addComplaint(fields, 'api');
    const place = this.created++ % 3;
    if (place === 0) return { complaint_id: Number(complaint.id) };
    if (place === 1) return { data: { complaint_id: complaint.id } };
    return { results: { complaint: { id: Number(complaint.id) } } };
  }

  found(id) {
    const complaint = this.complaints.get(id);
    if (!complaint) throw new Refused(404, 'Laporan tidak ditemukan');
    return complaint;
  }

  detail(id) {
    const complaint = this.found(id);
    const data = { status_code: complaint.status.length, status_name: complaint.status, disposition_id: Number(complaint.disposition) || null,
      disposition_name: complaint.disposition ? this.name(complaint.disposition) : null,
      status_logs: complaint.logs.filter((log) => log.status_new).map((log) => ({ note: log.status_new.name, timestamp: log.date })).reverse() };
    return { results: { data: Number(id) % 2 ? data : [data], data_logs: complaint.logs } };
  }

  attachments(files) {
    const out = { docs: [] };
    let index = 0;
    for (const id of files) {
      const file = this.files.get(id);
      const item = { path: `${this.origin}/storage/${id}`, file_name: file.name, extension: file.mime === 'application/pdf' ? 'pdf' : 'jpg' };
      if (file.mime === 'application/pdf') out.docs.push(item);
      else out[String(index++)] = item;
    }
    return out;
  }

  paginator(path, list, page, item) {
    const last = Math.max(1, Math.ceil(list.length / PAGE));
    return { results: { current_page: page, data: list.slice((page - 1) * PAGE, page * PAGE).map(item), last_page: last,
      next_page_url: page < last ? `${this.origin}${path}${path.includes('?') ? '&' : '?'}page=${page + 1}` : null } };
  }

  thread(id, page) {
    const complaint = this.found(id);
    return this.paginator(`${BASE}/complaints/${id}/followups`, [...complaint.thread].reverse(), page, (one) => ({
      id: Number(one.id), institution_from_name: one.institution_from ? this.name(one.institution_from) : null,
      institution_to_name: one.institution_to ? this.name(one.institution_to) : null, created_at: localTime(one.at),
      template_code: one.template_code || null, template_content: one.template_content || null, content: one.content,
      attachments: this.attachments(one.files) }));
  }

  // No public client was seen to ask for a list; the link uses one only when it is configured.
  list(page) {
    const ours = [...this.complaints.values()].filter((one) => this.institutions.has(one.disposition) && one.disposition !== '900' || one.source === 'api');
    return this.paginator(`${BASE}/complaints`, ours.reverse(), page, (one) => ({ id: Number(one.id), title: one.title, content: one.content,
      status_name: one.status, disposition_id: Number(one.disposition) || null, created_at: localTime(one.created), category_id: one.fields.category_id ?? null,
      classification_id: one.fields.classification_id ?? 1, is_anonymous: one.fields.is_anonymous ? 1 : 0, is_secret: one.fields.is_secret ? 1 : 0,
      latitude: one.fields.latitude ?? null, longitude: one.fields.longitude ?? null, attachments: this.attachments(one.attachments) }));
  }

  async addFromOutside(request) {
    const form = await new Response(await bodyOf(request), { headers: { 'Content-Type': request.headers['content-type'] ?? '' } }).formData();
    const field = (name) => String(form.get(name) ?? '');
    const complaint = this.found(field('complaint_id'));
    if (!field('user_id')) throw new Refused(422, 'user_id wajib diisi');
    const files = [];
    for (const [name, value] of form) {
      if (/^attachment\[\d+\]$/.test(name)) files.push(this.addFile(Buffer.from(await value.arrayBuffer()), value.type, value.name));
    }
    this.addFollowUp(complaint, { institution_from: field('institution_from_id'), institution_to: field('institution_to_id'),
      template_code: field('template_code'), content: field('content'), rating: Number(field('rating')), files, by: 'api' });
    return { message: 'Berhasil' };
  }

  async reject(id, request) {
    const complaint = this.found(id);
    const form = new URLSearchParams((await bodyOf(request)).toString());
    if (form.get('is_request') !== '1' || form.get('not_authority') !== '1') throw new Refused(422, 'Permintaan tidak sah');
    if (!this.institutions.has(form.get('reason'))) throw new Refused(422, 'Instansi tidak dikenal');
    this.dispose(complaint, form.get('reason'), complaint.disposition);
    complaint.logs.at(-1).reason = form.get('reason_description');
    return { message: 'Berhasil' };
  }

  async answer(request) {
    const url = new URL(request.url, 'http://here');
    const page = Math.max(1, Number(url.searchParams.get('page') ?? 1));
    const path = url.pathname.slice(BASE.length);
    const match = /^\/complaints\/(\d{1,10})\/(complaint|followups)$/.exec(path);
    const rejected = /^\/complaints\/process\/(\d{1,10})\/reject$/.exec(path);
    if (request.method === 'GET') {
      if (path === '/masters/institutions/external') return this.institutionList();
      if (path === '/masters/templates') return { results: { data: [{ template_code: 'jawaban', title: 'Jawaban', type: 'answer', content: 'Terima kasih' }] } };
      if (path === '/complaints') return this.list(page);
      if (match?.[2] === 'complaint') return this.detail(match[1]);
      if (match?.[2] === 'followups') return this.thread(match[1], page);
    }
    if (request.method === 'POST') {
      if (path === '/complaints/complaint/file') return this.takeFiles(request);
      if (path === '/complaints/complaint') return this.create(await bodyOf(request));
      if (path === '/complaints/followup/add') return this.addFromOutside(request);
      if (rejected) return this.reject(rejected[1], request);
    }
    throw new Refused(404, 'Alamat tidak ditemukan');
  }

  // The trouble that this request meets, used up as it says.
  troubleFor(line) {
    const found = this.trouble.find(({ match, times }) => times > 0 && line.includes(match));
    if (found) found.times -= 1;
    return found;
  }

  async handle(request, response) {
    const line = `${request.method} ${request.url}`;
    this.requests.push(line);
    const send = (status, body) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const trouble = this.troubleFor(line);
    if (trouble?.delay) await new Promise((resolve) => { setTimeout(resolve, trouble.delay); });
    if (trouble?.redirect) {
      response.writeHead(302, { Location: trouble.redirect });
      response.end();
      return;
    }
    if (trouble?.size) {
      send(200, { results: 'x'.repeat(trouble.size) });
      return;
    }
    if (trouble?.status && !trouble.after) {
      await bodyOf(request);
      send(trouble.status, { message: 'Server sedang sibuk' });
      return;
    }
    const stored = /^\/storage\/(\d+)$/.exec(request.url);
    if (stored && this.files.has(stored[1])) {
      const file = this.files.get(stored[1]);
      response.writeHead(200, { 'Content-Type': file.mime });
      response.end(file.bytes);
      return;
    }
    const bearer = request.headers.authorization ?? request.headers.auth;
    if (bearer !== `Bearer ${BEARER}` || request.headers.token !== TOKEN) {
      send(401, { message: 'Token tidak sah' });
      return;
    }
    try {
      const body = await this.answer(request);
      if (trouble?.after === 'drop') request.socket.destroy();
      else if (trouble?.after === 'hang') this.hanging = response;  // done, and never told
      else if (trouble?.after) send(trouble.status, { message: 'Gateway Timeout' });
      else send(200, body);
    } catch (error) {
      send(error.status ?? 500, { message: error.status ? error.message : 'Terjadi kesalahan' });
      if (!error.status) console.error(error);
    }
  }

  async up(port = this.port ?? 0) {
    const listener = (request, response) => {
      this.handle(request, response).catch((error) => { console.error(error); response.destroy(); });
    };
    this.server = this.tls ? https.createServer(this.tls, listener) : http.createServer(listener);
    await new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    this.port = this.server.address().port;
    this.origin = this.tls ? `https://localhost:${this.port}` : `http://127.0.0.1:${this.port}`;
  }

  async down() {
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = new Promise((resolve) => { server.close(resolve); });
    server.closeAllConnections();
    await closed;
  }

  state() {
    return { complaints: [...this.complaints.values()], requests: this.requests,
      files: [...this.files].map(([id, { mime, name, sha256, bytes }]) => ({ id, mime, name, sha256, bytes: bytes.length })) };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const option = (name, fallback) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? fallback : process.argv[at + 1];
  };
  const simulator = new Simulator();
  const tls = option('tls', '');
  if (tls) simulator.tls = { key: readFileSync(`${tls}/key.pem`), cert: readFileSync(`${tls}/cert.pem`) };
  await simulator.up(Number(option('port', 0)));
  const port = await control(simulator, Number(option('control-port', 0)));
  console.log(JSON.stringify({ port: simulator.port, control: port, base: simulator.origin + BASE }));
}
