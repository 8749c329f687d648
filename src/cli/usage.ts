/** What `--help` prints. */
export const usage = `sagents — the agent runtime you embed

Usage:
  sagents sandbox serve --root DIR --token-env NAME [options]
      Serves sandboxes of this machine to clients of the OpenSandbox protocol.

      --root DIR            Where the sandboxes have their folders.
      --token-env NAME      The environment variable that holds the token every client must bring.
      --port N              Default: 8080. 0 takes a free one.
      --host H              Default: 127.0.0.1, which only this machine reaches.
      --allow-mount DIR     A folder clients may mount; may be given again.
      --max-sandboxes N     Default: 16.
      --idle-seconds N      Ends a sandbox nobody asks for anything for so long. Default: 900.
      --network off|on      Whether sandboxes have the network of this machine. Default: off.
      --limit NAME=N        A limit of each sandbox, such as memoryBytes=1073741824; may be given again.

  sagents --help
  sagents --version
`;
