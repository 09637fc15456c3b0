// A caller's whole conversation with the clinic, held by OpenAI's own client: argument 1 is the server's address.
//
// The client builds its address with wss: and offers no other. The rehearsal server is on loopback without TLS, so the
// agent below hands it a plain socket; everything above the socket is the client's own.
import assert from 'node:assert/strict';
import https from 'node:https';
import net from 'node:net';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';

const server = new URL(process.argv[2]);
const SAMPLES_A_SECOND = 24_000;

class PlainAgent extends https.Agent {
  createConnection(options, callback) {
    const socket = net.connect(Number(server.port), server.hostname);
    socket.setNoDelay(true);
    socket.once('connect', () => callback(null, socket));
    return undefined;
  }
}

const client = new OpenAI({ apiKey: 'sk-rehearsal', baseURL: `https://${server.host}/v1` });
const session = new OpenAIRealtimeWS({ model: 'gpt-realtime', options: { agent: new PlainAgent() } }, client);

/** What came, in order, and who waits for something of it. */
const events = [];
const errors = [];
const waiters = [];
session.on('event', (event) => {
  events.push(event);
  for (const waiter of [...waiters]) waiter();
});
session.on('error', (error) => errors.push(error));

/** The first event from a place on that fits. */
function next(from, fits, what) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} did not come; the last event was ${events.at(-1)?.type}`)), 20_000);
    const look = () => {
      const index = events.findIndex((event, i) => i >= from && fits(event));
      if (index < 0) return;
      clearTimeout(timer);
      waiters.splice(waiters.indexOf(look), 1);
      resolve({ event: events[index], after: index + 1 });
    };
    waiters.push(look);
    look();
  });
}

const nextOf = (from, type) => next(from, (event) => event.type === type, type);

/** A sound that passes for speech, and the silence that ends the turn. */
function say(seconds) {
  const samples = new Int16Array(SAMPLES_A_SECOND * (seconds + 0.6));
  for (let i = 0; i < SAMPLES_A_SECOND * seconds; i++) {
    samples[i] = Math.round(8_000 * Math.sin((2 * Math.PI * 180 * i) / SAMPLES_A_SECOND));
  }
  for (let from = 0; from < samples.length; from += SAMPLES_A_SECOND / 10) {
    const piece = samples.slice(from, from + SAMPLES_A_SECOND / 10);
    session.send({
      type: 'input_audio_buffer.append',
      audio: Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64'),
    });
  }
}

const bookings = [];
const desk = {
  check_availability: ({ doctor, date }) => ({ ok: true, result: { doctor, date, times: ['10:30'] } }),
  book_appointment: ({ doctor, time, phone }) => {
    if (!/^\d{10}$/.test(phone)) {
      const violations = [{ argument: 'phone', problem: 'must have exactly ten digits' }];
      return { ok: false, error: { code: 'invalid_arguments', message: 'the phone number is wrong', violations } };
    }
    bookings.push({ doctor, time, phone });
    return { ok: true, result: { id: bookings.length } };
  },
};
const parameters = (...names) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
});

/** Runs a response's calls, in whatever order they finish, and asks for the reply. */
function answer(response) {
  const calls = response.output.filter((item) => item.type === 'function_call');
  for (const call of calls.reverse()) {
    const output = desk[call.name](JSON.parse(call.arguments));
    session.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: call.call_id, output: JSON.stringify(output) },
    });
  }
  if (calls.length > 0) session.send({ type: 'response.create' });
  return calls.length;
}

/** Follows the replies to a turn until one has no calls; gives what it said. */
async function hearReply(from) {
  for (;;) {
    const { event, after } = await nextOf(from, 'response.done');
    from = after;
    if (answer(event.response) === 0) {
      assert.equal(event.response.status, 'completed');
      return { said: event.response.output[0].content[0].transcript, after };
    }
  }
}

const opened = await nextOf(0, 'session.created');
assert.equal(events[0].type, 'session.created');
assert.equal(opened.event.session.audio.input.turn_detection.type, 'server_vad');

session.send({
  type: 'session.update',
  session: {
    type: 'realtime',
    instructions: 'You are Asha, a clinic receptionist.',
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24_000 },
        transcription: { model: 'gpt-4o-transcribe', language: 'ml' },
        turn_detection: { type: 'server_vad', silence_duration_ms: 500 },
      },
      output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin' },
    },
    tools: [
      { type: 'function', name: 'check_availability', description: 'Free times', parameters: parameters('doctor', 'date') },
      {
        type: 'function',
        name: 'book_appointment',
        description: 'Books',
        parameters: parameters('doctor', 'date', 'time', 'patient', 'phone'),
      },
    ],
    tool_choice: 'auto',
  },
});
let { event: updated, after: at } = await nextOf(0, 'session.updated');
assert.equal(updated.session.audio.output.voice, 'marin');
assert.equal(updated.session.tools.length, 2);

// the agent speaks first
session.send({ type: 'response.create' });
let reply = await hearReply(at);
assert.equal(reply.said, 'Welcome to the clinic. How can I help?');

// one call, then a refused one, then two at once
say(0.8);
reply = await hearReply(reply.after);
assert.equal(reply.said, 'She is in at half past ten.');
say(0.8);
reply = await hearReply(reply.after);
assert.equal(reply.said, 'That number has nine digits.');
say(0.8);
reply = await hearReply(reply.after);
assert.equal(reply.said, 'It is booked, and Doctor Thomas is in as well.');
assert.deepEqual(bookings, [{ doctor: 'Lakshmi Menon', time: '10:30', phone: '9847012345' }]);

// the caller cuts a long reply short; what was heard of it is told
say(0.8);
const begun = await nextOf(reply.after, 'response.output_audio.delta');
say(0.8);
const cut = await nextOf(begun.after, 'response.done');
assert.equal(cut.event.response.status, 'cancelled');
assert.equal(cut.event.response.status_details.reason, 'turn_detected');
session.send({ type: 'conversation.item.truncate', item_id: begun.event.item_id, content_index: 0, audio_end_ms: 120 });
const truncated = await nextOf(cut.after, 'conversation.item.truncated');
assert.equal(truncated.event.audio_end_ms, 120);
reply = await hearReply(cut.after);
assert.equal(reply.said, 'All right. Anything else?');

// a question beside the conversation, in text
session.send({
  type: 'response.create',
  response: {
    conversation: 'none',
    output_modalities: ['text'],
    metadata: { topic: 'mood' },
    instructions: 'In one word: how is the caller?',
  },
});
const aside = await nextOf(reply.after, 'response.done');
assert.equal(aside.event.response.conversation_id, null);
assert.deepEqual(aside.event.response.metadata, { topic: 'mood' });
assert.equal(aside.event.response.output[0].content[0].text, 'content');

// the last turn is written
session.send({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'No, thank you.' }] },
});
session.send({ type: 'response.create' });
reply = await hearReply(aside.after);
assert.equal(reply.said, 'Goodbye.');
assert.deepEqual(errors, []);

// what the server must refuse reaches the client as its own error, and nothing breaks
session.send({ type: 'response.cancel', event_id: 'too_late' });
await nextOf(reply.after, 'error');
assert.equal(errors.length, 1);
assert.equal(errors[0].error.code, 'response_cancel_not_active');
assert.equal(errors[0].error.event_id, 'too_late');

// every event came with an id; transcripts came beside the replies
assert.ok(events.every((event) => typeof event.event_id === 'string'));
const heard = events.filter((event) => event.type === 'conversation.item.input_audio_transcription.completed');
assert.deepEqual(
  heard.map((event) => event.transcript),
  [
    'Is Doctor Lakshmi Menon in tomorrow?',
    'Nine eight four seven zero one two three four.',
    'And five at the end. Is Doctor Thomas in, too?',
    'What do you offer?',
    'Enough.',
  ],
);
assert.ok(events.some((event) => event.type === 'rate_limits.updated'));
assert.ok(events.filter((event) => event.type === 'response.done').every((event) => event.response.usage.total_tokens > 0));

const closed = new Promise((resolve) => session.socket.on('close', resolve));
session.close();
await closed;
console.log(`${events.length} events`);
