package dev.doorbell.localstack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Outlives the JVM that started it and clears up after it. Its standard input is a pipe that only its parent holds open:
 * the end of it is the end of the parent, also by kill -9. Uses nothing but the JDK.
 *
 * <p>Input: lines {@code add <estate>} and {@code forget <estate>} ({@link Estate#encode}).
 */
final class ReaperMain {
    private static final long SWEEP_INTERVAL_MS = 500;
    private static final int SWEEPS_MAX = 60;
    private static final int CLEAN_SWEEPS = 2;

    private static final long END_LIMIT_SECONDS = 180;
    static final String READY = "ready";

    /**
     * Loaded before anything else: when the time comes, the directory or jar they are loaded from may have been rebuilt
     * or deleted.
     */
    private static final List<Class<?>> NEEDED = List.of(
            Command.class,
            Directories.class,
            Directories.Deleter.class,
            Estate.class,
            HomeLock.class,
            LocalStackException.class,
            OwnedProcesses.class,
            Sweep.class);

    private ReaperMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Signals.ignore("INT", "HUP", "TERM");
        System.out.println(READY + ", classes loaded: " + NEEDED.size());
        Map<Path, Estate> estates = new LinkedHashMap<>();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            Estate estate = Estate.decode(line.substring(line.indexOf(' ') + 1));
            if (line.startsWith("add ")) {
                estates.put(estate.home(), estate);
            } else {
                estates.remove(estate.home());
            }
        }
        if (!estates.isEmpty()) {
            clear(estates);
        }
    }

    /**
     * Sweeps until nothing has been found several times in a row: a process that the parent was just starting when it
     * died may appear after the first look, and make its directory again.
     */
    private static void clear(Map<Path, Estate> estates) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(estates.size());
        ScheduledExecutorService sweeper = Executors.newScheduledThreadPool(estates.size());
        estates.values().forEach(estate -> sweeper.execute(new Sweep(estate, sweeper, done)));
        // It may not become an orphan itself, whatever it fails to end.
        boolean cleared = done.await(END_LIMIT_SECONDS, TimeUnit.SECONDS);
        Runtime.getRuntime().halt(cleared ? 0 : 1);
    }

    private static final class Sweep implements Runnable {
        private final Estate estate;
        private final ScheduledExecutorService sweeper;
        private final CountDownLatch done;
        private HomeLock lock;
        private int sweeps;
        private int clean;

        Sweep(Estate estate, ScheduledExecutorService sweeper, CountDownLatch done) {
            this.estate = estate;
            this.sweeper = sweeper;
            this.done = done;
        }

        @Override
        public void run() {
            boolean goOn = false;
            try {
                goOn = sweep();
            } finally {
                if (goOn) {
                    sweeper.schedule(this, SWEEP_INTERVAL_MS, TimeUnit.MILLISECONDS);
                } else {
                    done.countDown();
                }
            }
        }

        /** True if another sweep is needed. */
        private boolean sweep() {
            if (!estate.ephemeral() && lock == null) {
                lock = HomeLock.tryAcquire(estate.home()).orElse(null);
                if (lock == null) {
                    // Somebody has started in the kept directory again, and stops what it finds there.
                    return false;
                }
            }
            clean = estate.clear() ? clean + 1 : 0;
            return clean < CLEAN_SWEEPS && ++sweeps < SWEEPS_MAX;
        }
    }
}
