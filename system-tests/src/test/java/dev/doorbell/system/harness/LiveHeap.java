package dev.doorbell.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What a service keeps in memory, by the JDK's {@code jcmd}. The size of its process does not tell: a heap with a limit is
 * soon as large as it may be, whether what is in it is kept or garbage.
 */
public final class LiveHeap {
    /** As the serial collector prints it, which services under test have. */
    private static final Pattern USED = Pattern.compile("generation\\s+total \\d+K, used (\\d+)K");

    private LiveHeap() {}

    /** Collects all garbage of the service first. */
    public static long kib(ServiceProcess service) {
        jcmd(service, "GC.run");
        long kib = USED.matcher(jcmd(service, "GC.heap_info"))
                .results()
                .mapToLong(used -> Long.parseLong(used.group(1)))
                .sum();
        if (kib == 0) {
            throw new IllegalStateException("jcmd says nothing of the heap of " + service.jar());
        }
        return kib;
    }

    private static String jcmd(ServiceProcess service, String command) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process = new ProcessBuilder(jcmd, Long.toString(service.pid()), command)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("jcmd " + command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
