/**
 * Keeps the Python specification's transition tool in one process: it is asked a block by two lines, the fork and the
 * tool's JSON, and answers with one. `T8N.run` is not used, for it deletes files and exits.
 */
export const EELS_DRIVER = String.raw`
import io, json, logging, sys, traceback
from argparse import ArgumentParser

from ethereum import __version__
from ethereum_spec_tools.evm_tools.t8n import T8N, ForkCache, t8n_arguments
from ethereum_spec_tools.forks import Hardfork

# Only answers may be on standard output, and every refused transaction would be logged.
out, sys.stdout = sys.stdout, sys.stderr
logging.disable(logging.CRITICAL)

# Looked up again for each block otherwise.
forks = Hardfork.discover()
Hardfork.discover = classmethod(lambda cls, *_: forks)

parser = ArgumentParser()
t8n_arguments(parser.add_subparsers())
STREAMS = ["--input.alloc=stdin", "--input.env=stdin", "--input.txs=stdin"]


def answer(value):
    json.dump(value, out)
    out.write("\n")
    out.flush()


def run(fork, text, cache):
    options = parser.parse_args(["t8n", "--state.fork=" + fork, *STREAMS])
    tool = T8N(options, None, io.StringIO(text), cache)
    tool.run_blockchain_test()
    return {"alloc": tool.alloc.to_json(), "result": tool.result.to_json()}


with ForkCache() as cache:
    answer({"version": __version__})
    while fork := sys.stdin.readline().strip():
        text = sys.stdin.readline()
        try:
            answer(run(fork, text, cache))
        except (Exception, SystemExit) as error:
            frames = traceback.extract_tb(error.__traceback__)
            where = ["%s:%d" % (frame.filename, frame.lineno) for frame in frames[-3:]]
            answer({"crash": repr(error), "where": where})
`
