// The extension starts the language server and hands the clipboard what it gives to copy; all else is the server's.
'use strict';

const vscode = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

let client;

exports.activate = async function (context) {
  const settings = vscode.workspace.getConfiguration('unleaked');
  const args = ['lsp'];
  if (settings.get('public')) {
    args.push('--public');
  }
  client = new LanguageClient('unleaked', 'unleaked',
    { command: settings.get('path'), args, transport: TransportKind.stdio },
    {
      documentSelector: [{ scheme: 'file' }, { scheme: 'untitled' }],
      middleware: {
        executeCommand: async (command, parameters, next) => {
          const text = await next(command, parameters);
          if (command === 'unleaked.copyRedacted' && typeof text === 'string') {
            await vscode.env.clipboard.writeText(text);
          }
          return text;
        },
      },
    });
  context.subscriptions.push(client);
  await client.start();
};

exports.deactivate = () => client && client.stop();
