package dev.doorbell.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUsageTest {
    @TempDir
    private Path proc;

    private ProcessUsage usage;

    @BeforeEach
    void usage() {
        usage = new ProcessUsage(proc);
    }

    @Test
    void countsUserAndSystemTime() throws IOException {
        process(10, 1, 250, 50, 0, 0);

        assertThat(usage.cpuSeconds(10)).hasValue(3.0);
    }

    @Test
    void countsChildrenRunningAndEndedButNotTheirsOrStrangers() throws IOException {
        process(10, 1, 100, 0, 300, 100);
        process(11, 10, 50, 50, 0, 0);
        process(12, 10, 100, 0, 0, 0);
        process(13, 1, 900, 900, 0, 0);
        Files.createDirectory(proc.resolve("self"));

        assertThat(usage.cpuSecondsWithChildren(10)).hasValue(7.0);
    }

    @Test
    void readsThePeakOfMemory() throws IOException {
        Files.createDirectory(proc.resolve("10"));
        Files.writeString(proc.resolve("10/status"), "Name:\tjava\nVmHWM:\t  262144 kB\nVmRSS:\t  1000 kB\n");

        assertThat(usage.peakMemoryMib(10)).hasValue(256.0);
    }

    @Test
    void knowsNothingOfAProcessThatIsGone() {
        assertThat(usage.cpuSeconds(10)).isEmpty();
        assertThat(usage.cpuSecondsWithChildren(10)).isEmpty();
        assertThat(usage.peakMemoryMib(10)).isEmpty();
    }

    private void process(int pid, int parent, int user, int system, int childrenUser, int childrenSystem)
            throws IOException {
        Files.createDirectory(proc.resolve(String.valueOf(pid)));
        Files.writeString(
                proc.resolve(pid + "/stat"),
                "%d (a (odd) name) S %d 1 1 0 -1 4194304 1 2 3 4 %d %d %d %d 20 0\n"
                        .formatted(pid, parent, user, system, childrenUser, childrenSystem));
    }
}
