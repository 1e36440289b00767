package dev.doorbell.localstack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The end of a server's log, for the message that says why it did not start; and the log's limit. */
final class LogTail {
    private static final int LINES_MAX = 8;
    private static final int BYTES_MAX = 2_000;
    private static final long LOG_BYTES_MAX = 10L * 1024 * 1024;

    private LogTail() {}

    /** At a start: a log that has grown large becomes the one old log that is kept. */
    static void limit(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static long size(Path log) {
        try {
            return Files.size(log);
        } catch (IOException absent) {
            return 0;
        }
    }

    /** The last lines written after {@code offset}, on one line. */
    static String read(Path log, long offset) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(offset, file.length() - BYTES_MAX);
            byte[] bytes = new byte[(int) Math.max(0, file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return join(new String(bytes, StandardCharsets.UTF_8).lines().toList());
        } catch (IOException absent) {
            return "";
        }
    }

    static String join(List<String> lines) {
        List<String> filled = lines.stream().filter(line -> !line.isBlank()).toList();
        return String.join(" | ", filled.subList(Math.max(0, filled.size() - LINES_MAX), filled.size()));
    }
}
