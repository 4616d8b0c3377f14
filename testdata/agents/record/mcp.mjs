// A server of the Model Context Protocol with one tool, settings, which gives the text that it is started with, and fails with
// it where the settings of nobody are asked for. It speaks JSON-RPC, one message a line.
import { createInterface } from 'node:readline';

const answers = {
  initialize: (p) => ({ protocolVersion: p.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'shop', version: '1' } }),
  'tools/list': () => ({ tools: [{ name: 'settings', description: 'The settings of the shop.', annotations: { readOnlyHint: true },
    inputSchema: { type: 'object', properties: { of: { type: 'string' } } } }] }),
  'tools/call': (p) => ({ content: [{ type: 'text', text: process.argv[2] }], isError: p.arguments?.of === 'nobody' }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const answer = answers[method];
  const rest = answer ? { result: answer(params) } : { error: { code: -32601, message: 'no such method' } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...rest })}\n`);
}
