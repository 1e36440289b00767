package dev.doorbell.system.faults.history;

import java.util.List;

/** Something that must hold whatever fails. Pure: it sees the history and nothing else. */
interface Invariant {
    /** Kebab case, unique. */
    String name();

    /** What contradicts it, for a person; empty when it holds. */
    List<String> contradictions(History history);
}
