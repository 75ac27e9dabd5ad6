"""All topics, in the order of the table."""

from __future__ import annotations

from tests.benchmarks import (
    append_row,
    capture_rows,
    crowd_row,
    fairness_row,
    generator_row,
    hostile_row,
    links_rows,
    links_soak,
    load_row,
    locks_row,
    lossless_row,
    memory_rows,
    previews_row,
    scroll_row,
    search_row,
    soak,
    start_rows,
    watching_row,
)
from tests.benchmarks.row import Topic

TOPICS: tuple[Topic, ...] = (
    start_rows.START,
    start_rows.IDLE,
    load_row.TOPIC,
    capture_rows.TOPIC,
    fairness_row.TOPIC,
    lossless_row.TOPIC,
    memory_rows.TOPIC,
    append_row.TOPIC,
    generator_row.TOPIC,
    links_rows.TOPIC,
    locks_row.TOPIC,
    previews_row.TOPIC,
    hostile_row.TOPIC,
    scroll_row.TOPIC,
    search_row.TOPIC,
    watching_row.TOPIC,
    crowd_row.TOPIC,
    soak.TOPIC,
    links_soak.TOPIC,
)


def row_names() -> list[str]:
    """Everything that can be asked for."""
    names = [name for topic in TOPICS for name in (topic.name, *topic.lines)]
    return list(dict.fromkeys(names))


def chosen(names: list[str]) -> list[tuple[Topic, frozenset[str]]]:
    """The topics that are asked for, each with its lines; those of the whole table for none."""
    result = []
    for topic in TOPICS:
        lines = frozenset(topic.lines)
        is_whole = topic.name in names or (not names and topic.by_default)
        wanted = lines if is_whole else lines & frozenset(names)
        if wanted:
            result.append((topic, wanted))
    return result
