package dev.doorbell.system.faults.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every call of a run. One log for as long as the databases live: a customer that no call made is a violation. Bounded;
 * may be used from any thread.
 */
public final class CallLog {
    private final int callsMax;
    private final List<Call> calls = new ArrayList<>();
    private long numbers;

    public CallLog(int callsMax) {
        this.callsMax = callsMax;
    }

    /** A number for a call that is about to be sent, or -1 when the log is full. */
    public synchronized long next() {
        return numbers == callsMax ? -1 : ++numbers;
    }

    /** @throws IllegalArgumentException for a number that was not given out by {@link #next} */
    public synchronized void add(Call call) {
        if (call.number() < 1 || call.number() > numbers) {
            throw new IllegalArgumentException("no such number: " + call.number());
        }
        calls.add(call);
    }

    /** Those that have ended, in the order of their ends. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /** How many have been sent and not ended yet. */
    public synchronized long inFlight() {
        return numbers - calls.size();
    }

    public synchronized long count(Predicate<Call> condition) {
        return calls.stream().filter(condition).count();
    }

    /** As JSON lines, for a post-mortem; replaces the file. */
    public void write(Path file) {
        try {
            HistoryFiles.writeLines(file, calls());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
