// A stand-in for the models of coding agents: it speaks the HTTP of Anthropic's Messages, Google's Gemini, OpenAI's Chat
// Completions and OpenAI's Responses as far as agents need it, and answers each request with the next step of a script.
// Which step is next shows in how many results of tools the request holds.
import { createServer } from 'node:http';

// A protocol says for one API which requests are the conversation, what results of tools a request holds, and how a step
// is answered. A step is { tool, args }, or { text }; args is a text where the tool takes one.
const protocols = [
  {
    path: /^\/v1\/messages$/,
    tools: (r) => (r.tools ?? []).map((t) => t.name),
    results: (r) => blocks(r.messages).filter((b) => b.type === 'tool_result').map((b) => textOf(b.content)),
    async answer(res, r, step, n) {
      const block = step.tool
        ? { type: 'tool_use', id: `toolu_${n}`, name: step.tool, input: step.args }
        : { type: 'text', text: step.text };
      const message = { id: `msg_${n}`, type: 'message', role: 'assistant', model: r.model, stop_sequence: null, content: [block],
        stop_reason: step.tool ? 'tool_use' : 'end_turn', usage: { input_tokens: 1, output_tokens: 1 } };
      if (!r.stream) return json(res, message);
      const delta = step.tool
        ? { type: 'input_json_delta', partial_json: JSON.stringify(step.args) }
        : { type: 'text_delta', text: step.text };
      const empty = step.tool ? { ...block, input: {} } : { ...block, text: '' };
      events(res, [
        { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
        { type: 'content_block_start', index: 0, content_block: empty },
        { type: 'content_block_delta', index: 0, delta },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: message.stop_reason, stop_sequence: null }, usage: { output_tokens: 1 } },
        { type: 'message_stop' },
      ]);
    },
  },
  {
    path: /^\/v1beta\/models\/[^:]*:(stream)?[gG]enerateContent$/,
    tools: (r) => (r.tools ?? []).flatMap((t) => t.functionDeclarations ?? []).map((t) => t.name),
    results: (r) => (r.contents ?? []).flatMap((c) => c.parts ?? []).filter((p) => p.functionResponse)
      .map((p) => textOf(p.functionResponse.response)),
    async answer(res, r, step, n, url) {
      const part = step.tool ? { functionCall: { id: `call_${n}`, name: step.tool, args: step.args } } : { text: step.text };
      const answer = { candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 } };
      if (!url.includes('stream')) return json(res, answer);
      events(res, [answer], false);
    },
  },
  {
    path: /^\/v1\/chat\/completions$/,
    tools: (r) => (r.tools ?? []).map((t) => t.function?.name ?? t.custom?.name),
    results: (r) => r.messages.filter((m) => m.role === 'tool').map((m) => textOf(m.content)),
    async answer(res, r, step, n) {
      const head = { id: `chat_${n}`, created: 1, model: r.model };
      const message = step.tool
        ? { role: 'assistant', content: null,
            tool_calls: [{ index: 0, id: `call_${n}`, type: 'function', function: { name: step.tool, arguments: JSON.stringify(step.args) } }] }
        : { role: 'assistant', content: step.text };
      const finish_reason = step.tool ? 'tool_calls' : 'stop';
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
      if (!r.stream) return json(res, { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason }], usage });
      const chunk = (delta, finish) => ({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], usage });
      events(res, [chunk(message, null), chunk({}, finish_reason)], false, '[DONE]');
    },
  },
  {
    path: /^\/v1\/responses$/,
    tools: (r) => (r.tools ?? []).map((t) => t.name ?? t.type),
    results: (r) => (Array.isArray(r.input) ? r.input : []).filter((i) => /_call_output$/.test(i.type)).map((i) => textOf(i.output)),
    async answer(res, r, step, n) {
      const item = !step.tool
        ? { type: 'message', id: `msg_${n}`, role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: step.text, annotations: [] }] }
        : typeof step.args === 'string'
          ? { type: 'custom_tool_call', id: `ctc_${n}`, call_id: `call_${n}`, name: step.tool, input: step.args, status: 'completed' }
          : { type: 'function_call', id: `fc_${n}`, call_id: `call_${n}`, name: step.tool, ...(step.namespace && { namespace: step.namespace }),
              arguments: JSON.stringify(step.args), status: 'completed' };
      const usage = { input_tokens: 1, input_tokens_details: { cached_tokens: 0 }, output_tokens: 1,
        output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 2 };
      const response = { id: `resp_${n}`, object: 'response', created_at: 1, model: r.model, status: 'completed', output: [item], usage };
      if (!r.stream) return json(res, response);
      events(res, [
        { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
        { type: 'response.output_item.added', output_index: 0, item },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response },
      ]);
    },
  },
];

const blocks = (messages) => (messages ?? []).flatMap((m) => (Array.isArray(m.content) ? m.content : []));

// textOf is all text in a value.
function textOf(v) {
  if (typeof v === 'string') return v;
  if (Array.isArray(v)) return v.map(textOf).filter(Boolean).join('\n');
  if (v && typeof v === 'object') return Object.values(v).map(textOf).filter(Boolean).join('\n');
  return '';
}

function json(res, value) {
  res.writeHead(200, { 'content-type': 'application/json' });
  res.end(JSON.stringify(value));
}

function events(res, list, named = true, last = '') {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const e of list) res.write(`${named ? `event: ${e.type}\n` : ''}data: ${JSON.stringify(e)}\n\n`);
  res.end(last && `data: ${last}\n\n`);
}

// A Model answers with the steps of a script, in their order, and keeps what it was asked.
export class Model {
  constructor(steps, marker) {
    this.steps = steps;
    this.marker = marker; // the name of a tool that only the conversation itself is offered
    this.asked = []; // of the conversation, the last request's results of tools
    this.offered = new Set();
    this.prompts = []; // the bodies of all requests
    this.strange = [];
    this.server = createServer((req, res) => this.serve(req, res));
  }

  // listen is the port, on the loopback interface.
  listen() {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', () => resolve(this.server.address().port)));
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async serve(req, res) {
    let body = '';
    for await (const chunk of req) body += chunk;
    const url = new URL(req.url, 'http://model');
    const p = protocols.find((x) => x.path.test(url.pathname));
    if (!p || req.method !== 'POST') {
      this.strange.push(`${req.method} ${req.url}`);
      res.writeHead(404, { 'content-type': 'application/json' });
      return res.end('{}');
    }
    const r = JSON.parse(body);
    this.prompts.push(body);
    const names = p.tools(r);
    if (!names.includes(this.marker)) return p.answer(res, r, { text: '{}' }, 0, req.url); // a title, a summary and so on
    for (const t of names) this.offered.add(t);
    this.schemas = r.tools;
    this.asked = p.results(r);
    const n = this.asked.length;
    return p.answer(res, r, this.steps[n] ?? { text: 'Done.' }, n, req.url);
  }
}
