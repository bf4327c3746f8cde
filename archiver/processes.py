"""What every process that helps another one begins with."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.connection import wait


def end_with_parent() -> None:
    """Have this process end when the one that started it does; killed, that tells nobody.

    An initializer of `ProcessPoolExecutor`, whose processes would wait for work for ever.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()
