// Asks a language server to initialize, and prints what it says of itself:
// answers.mjs COMMAND [ARGUMENT...]; `serve` is added.
import { spawn } from 'node:child_process';
import process from 'node:process';

const [command, ...args] = process.argv.slice(2);
const server = spawn(command, [...args, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
const send = (message) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
};
const fail = (why) => {
  console.error(why);
  server.kill();
  process.exit(1);
};
setTimeout(() => fail('no answer within two minutes'), 120_000).unref();
server.once('error', (err) => fail(String(err)));
server.once('exit', (code) => process.exit(code ?? 1));

let received = Buffer.alloc(0);
server.stdout.on('data', (chunk) => {
  received = Buffer.concat([received, chunk]);
  for (;;) {
    const head = received.indexOf('\r\n\r\n');
    const length = head < 0 ? NaN : Number(/content-length: *(\d+)/i.exec(received.subarray(0, head).toString())?.[1]);
    if (Number.isNaN(length) || received.length < head + 4 + length) {
      return;
    }
    const message = JSON.parse(received.subarray(head + 4, head + 4 + length).toString());
    received = received.subarray(head + 4 + length);
    if (message.id === 1) {
      console.log(JSON.stringify(message.result.serverInfo));
      send({ id: 2, method: 'shutdown' });
    } else if (message.id === 2) {
      send({ method: 'exit' });
    }
  }
});
send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
