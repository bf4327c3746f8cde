"""Ten kills at random moments; `benchmarks/kills.py` does hundreds."""

from __future__ import annotations

import pytest

from tests.killing import EXPORTS, JOBS, Job, Rounds

# The exports share all but the writer: one of a file, the folder and the bundle are enough here.
FEW = [job for job in JOBS if not job.name.startswith("export")]
FEW += [job for job in JOBS if job.name in ("export bundle", "export html", "export jsonl")]


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Rounds:
    """The archives that the jobs begin from."""
    return Rounds(tmp_path_factory.mktemp("kills"), posts=400, seed=20250102)


@pytest.mark.timeout(400)  # a machine that others use may stand still for a minute
@pytest.mark.parametrize("job", [*FEW, FEW[0]], ids=lambda job: job.name)
def test_a_kill_costs_nothing_but_time(rounds: Rounds, job: Job) -> None:
    rounds.kill(job)


def test_every_form_of_export_has_its_round() -> None:
    from archiver.cli.export import FORMATS

    assert set(EXPORTS) == set(FORMATS)
