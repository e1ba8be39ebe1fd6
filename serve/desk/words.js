// What states, steps and clocks are called on an officer's screen.

export const GROUPS = {
  belum_terverifikasi: 'new', terverifikasi: 'new', proses: 'going', ditanggapi_pelapor: 'replied', tunda: 'held',
  ditutup_admin: 'done', ditutup_sistem: 'done', diarsipkan_admin: 'away', diarsipkan_sistem: 'away',
};

export const CHANNELS = { 112: 'Call Center 112', telepon: 'Telepon', whatsapp: 'WhatsApp', pers: 'Pers', datang: 'Datang ke kantor', gerai: 'Gerai' };
export const CAME_BY = { ...CHANNELS, app: 'Aplikasi', lapor: 'SP4N-LAPOR!', sistem: 'Sistem lain' };
export const CLASSIFICATIONS = { 1: 'Pengaduan', 2: 'Permintaan informasi', 3: 'Aspirasi' };
export const ROLES = { coordinator: 'Koordinator', liaison: 'Penghubung instansi', head: 'Kepala instansi', mayor: 'Kantor wali kota', administrator: 'Administrator' };
export const SOURCES = { gps: 'posisi ponsel', pin: 'ditandai di peta', exif: 'data foto' };

// Follow-ups by what they weigh: only the first two stop the follow-up clock.
export const KINDS = {
  action: ['Tindakan', 'Yang sudah dikerjakan, dengan foto atau dokumen bukti. Menghentikan tenggat tindak lanjut.'],
  refusal: ['Penolakan beralasan', 'Tidak dikerjakan, dan mengapa. Menghentikan tenggat tindak lanjut.'],
  answer: ['Jawaban', 'Keterangan kepada pelapor. Tenggat tindak lanjut tetap berjalan, kecuali pada permintaan informasi.'],
  question: ['Pertanyaan', 'Yang perlu dijelaskan pelapor. Tenggat tindak lanjut tetap berjalan.'],
  acknowledgement: ['Tanda terima', 'Laporan sudah dibaca. Tenggat tindak lanjut tetap berjalan.'],
};
export const THREAD = { ...Object.fromEntries(Object.entries(KINDS).map(([kind, [label]]) => [kind, label])), citizen: 'Pelapor', disposition: 'Disposisi' };

export const STEPS = {
  verify: ['Verifikasi', 'Laporan dinyatakan layak ditangani.', 'Isinya lalu tampil di halaman publik, tanpa pelapornya. Bila isinya menyebut nama orang, rahasiakan dahulu.'],
  dispose: ['Tentukan instansi', 'Sebelum ada yang mengerjakan. Tenggat tidak diulang.'],
  'hand-on': ['Bukan wewenang', 'Diteruskan ke instansi lain; tenggat kota mulai lagi.'],
  hold: ['Tunda', 'Tenggat berhenti sementara. Alasannya dibaca pelapor.'],
  resume: ['Lanjutkan', 'Tenggat berjalan lagi.'],
  archive: ['Arsipkan', 'Bukan laporan yang dapat ditangani. Alasannya dibaca pelapor.'],
  close: ['Tutup', 'Selesai. Pelapor dapat membuka kembali dalam 10 hari kerja.'],
  hide: ['Rahasiakan', 'Laporan dan semua tanggapannya tidak tampil lagi di halaman publik. Tidak dapat dibatalkan.'],
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// "5 jam", "2 hari": at least one, rounded down, as on the phone.
export const span = (ms) => {
  const long = Math.abs(ms);
  if (long >= 2 * DAY) return `${Math.floor(long / DAY)} hari`;
  if (long >= HOUR) return `${Math.floor(long / HOUR)} jam`;
  return `${Math.max(1, Math.floor(long / MINUTE))} menit`;
};

// How a clock stands: words, and how urgent they are ('late', 'soon', 'calm', 'over').
export const standing = ({ due_at: due, stopped_at: stopped }, { held_at: held, closed_at: closed }, now = Date.now()) => {
  if (stopped) return [due && stopped > due ? `selesai, terlambat ${span(stopped - due)}` : 'selesai tepat waktu', 'over'];
  if (closed) return ['berakhir', 'over'];
  if (!due) return ['tidak ada tenggat', 'over'];
  if (held && due > held) return ['berhenti sementara', 'calm'];
  return left(due, now);
};
const left = (due, now) => (now >= due ? [`lewat ${span(now - due)}`, 'late'] : [`tinggal ${span(due - now)}`, due - now < 6 * HOUR ? 'soon' : 'calm']);

// The same for what an agency settled and the citizen answered: how long that may lie. Null where it is not so.
export const waiting = (report, now = Date.now()) => {
  const { follow_up: settled, escalates_at: due, held_at: held, closed_at: closed } = report.clocks;
  if (report.status !== 'ditanggapi_pelapor' || !settled.stopped_at || held || closed) return null;
  const [words, urgency] = report.level === 'liaison' && due ? left(due, now) : ['lewat tenggat', 'late'];
  return [`jawab pelapor: ${words}`, urgency];
};

let zone = 'Asia/Jakarta';
const ZONES = { 420: 'Asia/Jakarta', 480: 'Asia/Makassar', 540: 'Asia/Jayapura' };
export const useZone = (minutes) => { zone = ZONES[minutes] ?? zone; };
export const time = (ms) => new Date(ms).toLocaleString('id-ID', { timeZone: zone, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
export const today = () => new Date().toLocaleDateString('sv-SE', { timeZone: zone });
export const size = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`);
