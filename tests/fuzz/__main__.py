"""Fuzzes one target, guided by what its inputs reach: `python -m tests.fuzz TARGET [--seconds N]`.

Seeds are `seeds/TARGET/*` and every input that once made it raise, `found/TARGET-*`. What the fuzzer learns is kept in
`.fuzz/TARGET/`, and an input that makes the target raise, takes 10 s or 2 GiB in `.fuzz/TARGET-crash-*`, -timeout-, -oom-; the exit code
is 1 then. Once mended, such an input belongs into `found/`, where `make test` tries it from then on.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
KEPT = Path(".fuzz")
MAX_BYTES = 4096


def main() -> int:
    """Run one target in a process of its own: at a crash, the fuzzer ends its process."""
    options = _options()
    if options.is_child:
        return _fuzz(options.target)
    corpus = KEPT / options.target
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in (*(HERE / "seeds" / options.target).iterdir(), *(HERE / "found").glob(f"{options.target}-*")):
        shutil.copy(seed, corpus)
    before = set(KEPT.glob(f"{options.target}-*"))
    code = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", options.target, "--child", *_flags(options)], check=False
    ).returncode
    for path in sorted(set(KEPT.glob(f"{options.target}-*")) - before):
        print(f"{options.target}: kept {path}")
    print(
        f"{options.target}: {'nothing found' if code == 0 else 'FAILED'}, {len(list(corpus.iterdir()))} inputs kept in {corpus}"
    )
    return 1 if code else 0


def _options() -> argparse.Namespace:
    from tests.fuzz import TARGETS

    parser = argparse.ArgumentParser(description="Fuzz one target.")
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60, help="how long (default: 60)")
    parser.add_argument("--child", dest="is_child", action="store_true", help=argparse.SUPPRESS)
    options, _ = parser.parse_known_args()
    return options


def _flags(options: argparse.Namespace) -> list[str]:
    """Options of libFuzzer, behind those of ours."""
    dictionary = HERE / f"{options.target}.dict"
    return [
        str(KEPT / options.target),
        f"-max_total_time={options.seconds}",
        f"-artifact_prefix={KEPT / options.target}-",
        f"-max_len={MAX_BYTES}",
        "-timeout=10",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        "-verbosity=1",
        *([f"-dict={dictionary}"] if dictionary.exists() else []),
    ]


def _fuzz(name: str) -> int:
    import atheris  # here alone: only the environment of `make fuzz` has it

    with atheris.instrument_imports(include=["harness", "policy", "tests.fuzz.targets"]):
        from tests.fuzz.targets import BY_NAME

    arguments = [argument for argument in sys.argv[1:] if argument not in (name, "--child")]
    atheris.Setup([sys.argv[0], *arguments], BY_NAME[name])
    atheris.Fuzz()
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
