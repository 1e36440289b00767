package dev.doorbell.relay;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** What has been made of a name, for names that repeat. Bounded, because names come from rows. Not thread-safe. */
final class Memo<T> {
    static final int NAMES_MAX = 10_000;

    private final Function<String, T> maker;
    private final Map<String, T> made = new HashMap<>();

    /** @param maker makes something immutable, the same of the same name */
    Memo(Function<String, T> maker) {
        this.maker = maker;
    }

    T of(String name) {
        T known = made.get(name);
        if (known != null) {
            return known;
        }
        // Past the limit all are made anew.
        if (made.size() >= NAMES_MAX) {
            made.clear();
        }
        T fresh = maker.apply(name);
        made.put(name, fresh);
        return fresh;
    }
}
