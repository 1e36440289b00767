package dev.doorbell.localstack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** Reads a child's output to its end, so that the child never waits for a reader, and keeps the last lines of it. */
final class OutputTail {
    private static final int LINES_MAX = 40;
    private static final int LINE_CHARACTERS_MAX = 500;

    private final Deque<String> lines = new ArrayDeque<>();

    /**
     * Reads on a thread of its own.
     *
     * @param taken told each line; what it returns true for is not kept
     * @param atEnd run when the output has ended
     */
    void read(Process process, String threadName, Predicate<String> taken, Runnable atEnd) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader output = process.inputReader()) {
                        output.lines().filter(taken.negate()).forEach(this::keep);
                    } catch (IOException | UncheckedIOException ended) {
                        keep(ended.toString());
                    } finally {
                        atEnd.run();
                    }
                },
                threadName);
        reader.setDaemon(true);
        reader.start();
    }

    private synchronized void keep(String line) {
        lines.addLast(line.substring(0, Math.min(line.length(), LINE_CHARACTERS_MAX)));
        if (lines.size() > LINES_MAX) {
            lines.removeFirst();
        }
    }

    /** The last lines but those of stack traces, on one line; empty when there were none. */
    synchronized String text() {
        return LogTail.join(
                lines.stream().filter(line -> !line.startsWith("\tat ")).toList());
    }
}
