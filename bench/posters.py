"""Strangers who post large forms without pause: `python -m bench.posters PORT MANY KIND`.

`unsigned` ones have no signature, `forged` ones a wrong one, which makes us read the whole body.
"""

import asyncio
import contextlib
import os
import sys

from bench import signed

_BODY = b"&".join(b"field%06d=x" % number for number in range(71_400))
"""1 MB in 71,400 fields, which is what a parser likes least."""


async def _post_for_ever(port: int, request: bytes) -> None:
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.closing(writer):
                writer.write(request)
                await asyncio.gather(writer.drain(), reader.read())


async def main(port: int, many: int, kind: str) -> None:
    """Post until killed."""
    os.nice(15)  # they share a core with the load, which must not wait for them
    request = signed.request(_BODY, secret="a guess" if kind == "forged" else "")
    print('"posting"', flush=True)
    await asyncio.gather(*(_post_for_ever(port, request) for _ in range(many)))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
