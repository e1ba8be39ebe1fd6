// What tests do to the simulator: a small HTTP interface of its own, POST /NAME with JSON.
import http from 'node:http';

const ACTIONS = {
  // A complaint written there by a citizen.
  create: (simulator, { photos = [], ...fields }) => {
    const attachments = photos.map((base64) => Number(simulator.addFile(Buffer.from(base64, 'base64'), 'image/jpeg', 'foto.jpg')));
    return { id: simulator.addComplaint({ ...fields, attachments: `${JSON.stringify(attachments)}.` }, 'there').id };
  },
  // An answer in its thread, of an institution or (without one) of the citizen.
  answer: (simulator, { id, institution = '', content, photos = [] }) => {
    const files = photos.map((base64) => simulator.addFile(Buffer.from(base64, 'base64'), 'image/jpeg', 'bukti.jpg'));
    return { id: simulator.addFollowUp(simulator.found(id), { institution_from: institution, content, files }) };
  },
  status: (simulator, { id, name }) => simulator.setStatus(simulator.found(id), name),
  dispose: (simulator, { id, to, from = '' }) => simulator.dispose(simulator.found(id), to, from),
  // {match, times, status?, delay?, redirect?, size?, after?}: trouble for the next requests whose line contains `match`.
  // `after`: the work is done before the answer goes wrong ("status", "drop" or "hang").
  trouble: (simulator, trouble) => { simulator.trouble.push({ times: 1, match: '', ...trouble }); },
  calm: (simulator) => { simulator.trouble = []; },
  down: (simulator) => simulator.down(),
  up: (simulator) => simulator.up(),
  forget: (simulator) => { simulator.requests = []; },
  state: (simulator) => simulator.state(),
};

export const control = async (simulator, port) => {
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    try {
      const action = ACTIONS[request.url.slice(1)];
      if (!action) throw new Error(`no action ${request.url}`);
      const result = await action(simulator, JSON.parse(Buffer.concat(parts).toString() || '{}'));
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(result ?? {}));
    } catch (error) {
      response.writeHead(500);
      response.end(String(error.stack));
    }
  });
  await new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return server.address().port;
};
