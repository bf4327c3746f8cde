"""Hours of damaged files for a reader: python benchmarks/fuzz.py --minutes 10 --reader csv

Coverage-guided where atheris is installed (`pip install atheris`; it is no requirement of anything
else), else own samples with random damage. A file that raises anything but our own errors, or
takes more than 25 s or 700 MB, ends it with code 1 and is kept in --crashes; `--once FILE` tries it
again. `--reader all` takes one after another. tests/fuzzing.py says what is done with each file.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SECONDS = 25  # of the processor: a file of a few kilobytes that takes longer hangs
MEGABYTES = 700
LONGEST = 65_536
WORDS = (
    b'"id"', b'"text"', b'"date"', b'"channel"', b'"messages"', b'"type"', b'"message"',
    b'"versions":[{', b'"kind":"verdict"', b"1e999", b"1e99999999999999999999", b"null",
    b"[[[[[[[[", b'{"_":"Message"', b'"entities"', b"\\ud800", b"\\x00", b"\x00", b"\xed\xa0\x80",
    b"\xff\xfe", b"\xef\xbb\xbf", b"-9223372036854775809", b"99999999999999999999", b"</div>",
    b'<div class="', b"message default clearfix", b"tgme_widget_message", b'data-post="a/1"',
    b'datetime="', b"&#0;", b"&#x110000;", b"<!--", b"<![CDATA[", b"Forwarded from ", b"\r\n",
    b",,,,", b'"""', b"=cmd|", b"PK\x05\x06", b"../../", b"9999-12-31T23:59:59Z", b"2025-02-30",
    b"+99:99",
)  # fmt: skip


def main() -> int:
    """Fuzz one reader, or all."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--reader", default="all")
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--crashes", type=Path, default=Path("crashes"))
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--once", type=Path)
    asked.add_argument("--corpus", help=argparse.SUPPRESS)
    given = asked.parse_args()
    given.crashes.mkdir(exist_ok=True)
    if given.corpus:
        _guided(given)
        return 0
    from tests.fuzzing import NAMES, target

    if given.once:
        with tempfile.TemporaryDirectory() as folder:
            target(given.reader, Path(folder))[0](given.once.read_bytes())
        return 0
    names = NAMES if given.reader == "all" else (given.reader,)
    return max(_one(name, given) for name in names)


def _one(name: str, given: argparse.Namespace) -> int:
    if find_spec("atheris") is None:
        return _blind(name, given)
    from tests.fuzzing import target

    with tempfile.TemporaryDirectory() as corpus, tempfile.TemporaryDirectory() as scratch:
        for number, sample in enumerate(target(name, Path(scratch))[1]):
            Path(corpus, f"sample{number}").write_bytes(sample)
        words = Path(scratch, "words")
        words.write_text("\n".join(f'"{_escaped(word)}"' for word in WORDS))
        command = [
            sys.executable, __file__, "--reader", name, "--corpus", f"{corpus}:{words}",
            "--minutes", str(given.minutes), "--seed", str(given.seed),
            "--crashes", str(given.crashes),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stderr.splitlines()
    last = next((line for line in reversed(said) if re.match(r"#\d+\s", line)), "nothing was run")
    print(f"{name}: code {done.returncode}; {' '.join(last.split())}", flush=True)
    if done.returncode:
        lines = [x for x in done.stderr.splitlines() if not x.startswith(("INFO", "#", "WARNING"))]
        print("\n".join([*done.stdout.splitlines(), *lines][-60:]), flush=True)
    return int(done.returncode != 0)


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def _guided(given: argparse.Namespace) -> None:
    """In a process of its own, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["archiver"]):
        from tests.fuzzing import target
    corpus, words = given.corpus.split(":")
    folder = tempfile.mkdtemp()
    swallow, _ = target(given.reader, Path(folder))
    signal.signal(signal.SIGVTALRM, _hangs)

    def bounded(data: bytes) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        swallow(data)

    options = [
        sys.argv[0], corpus, f"-max_total_time={int(given.minutes * 60)}", "-timeout=9999",
        f"-rss_limit_mb={MEGABYTES}", f"-max_len={LONGEST}", f"-seed={given.seed}",
        f"-dict={words}", f"-artifact_prefix={given.crashes}/{given.reader}-", "-len_control=0",
    ]  # fmt: skip
    atheris.Setup(options, bounded)
    atheris.Fuzz()


def _blind(name: str, given: argparse.Namespace) -> int:
    """Random damage to the samples, without looking at what it reaches."""
    from tests.fuzzing import target

    chance, runs = random.Random(given.seed), 0
    signal.signal(signal.SIGVTALRM, _hangs)
    with tempfile.TemporaryDirectory() as folder:
        swallow, samples = target(name, Path(folder))
        end = time.monotonic() + given.minutes * 60
        while time.monotonic() < end:
            data = damaged(chance, chance.choice(samples))
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                swallow(data)
            except Exception:
                kept = given.crashes / f"{name}-{runs}"
                kept.write_bytes(data)
                print(f"{name}: {kept}", flush=True)
                raise
            runs += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name}: {runs:,} files, nothing found; peak {peak} MB", flush=True)
    return int(peak > MEGABYTES)


def damaged(chance: random.Random, data: bytes) -> bytes:
    """A file with one to eight places cut, doubled, overwritten or filled with what hurts."""
    for _ in range(chance.randint(1, 8)):
        at = chance.randint(0, len(data))
        end = min(len(data), at + chance.choice((1, 1, 4, 30, 300)))
        new = (b"", data[at:end] * 2, chance.randbytes(end - at), chance.choice(WORDS))
        data = data[:at] + chance.choice(new) + data[end:]
    return data[:LONGEST]


def _hangs(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
